namespace Loophole.Cluster.Hub;

/// <summary>What of a signal was not there when it was heard: how much in all, and gap by gap until somebody takes note of it. One writer and one reader; nothing is locked
/// or allocated.</summary>
internal sealed class GapTrail
{
    /// <summary>How many gaps that are over are kept until they are taken. Taken a hundred times a second, they are never that many; more are only counted.</summary>
    public const int Capacity = 64;

    private const long None = -1;

    private readonly Gap[] _over = new Gap[Capacity];
    private long _frames;
    private long _start = None;
    private long _end;
    private long _written;
    private long _taken;

    /// <summary>How many frames there were so far. [any]</summary>
    public long Frames => Volatile.Read(ref _frames);

    /// <summary>Where the gap that is not over begins, or <see langword="null"/>. [any]</summary>
    public long? OpenAt => Volatile.Read(ref _start) is var start && start == None ? null : start;

    /// <summary>Some more are missing. [audio thread]</summary>
    /// <param name="frame">The first of them.</param>
    /// <param name="frames">How many.</param>
    public void Add(long frame, int frames)
    {
        if (frame != _end)
        {
            Close();
        }

        _end = frame + frames;
        Volatile.Write(ref _frames, _frames + frames);
        if (_start == None)
        {
            Volatile.Write(ref _start, frame);
        }
    }

    /// <summary>What comes next is there; a gap, if there is one, is over. [audio thread]</summary>
    public void Close()
    {
        if (_start == None)
        {
            return;
        }

        if (_written - Volatile.Read(ref _taken) < Capacity)
        {
            _over[_written % Capacity] = new Gap(_start, _end - _start);
            Volatile.Write(ref _written, _written + 1);
        }

        Volatile.Write(ref _start, None);
    }

    /// <summary>Takes the oldest gap that is over. [reader]</summary>
    public bool TryTake(out Gap gap)
    {
        var there = Volatile.Read(ref _written) != _taken;
        gap = there ? _over[_taken % Capacity] : default;
        if (there)
        {
            Volatile.Write(ref _taken, _taken + 1);
        }

        return there;
    }
}
