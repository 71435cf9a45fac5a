using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>A stream of one end of a link, in one epoch. <see cref="NextFrame"/> and <see cref="Sequence"/> belong to the thread that sends or receives its
/// blocks; the rest is safe from any thread.</summary>
internal sealed class OpenStream(AudioStream stream, StreamDirection direction, long limit)
{
    private long _limit = limit;
    private volatile bool _isClosed;

    public AudioStream Stream { get; } = stream;

    public StreamDirection Direction { get; } = direction;

    public bool IsOpen => !_isClosed;

    /// <summary>Where the next block starts.</summary>
    public long NextFrame { get; set; } = stream.StartFrame;

    /// <summary>Number of the next block.</summary>
    public uint Sequence { get; set; }

    /// <summary>The credit. Raised by one thread, by the other end's word or by this end's.</summary>
    public long Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    public void Close() => _isClosed = true;

    /// <summary>Takes note of a block that was sent or received.</summary>
    public void Pass(int frames)
    {
        NextFrame += frames;
        Sequence = unchecked(Sequence + 1);
    }
}
