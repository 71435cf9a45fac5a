using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>A stream of one end of a link, in one epoch. What changes with its blocks belongs to the thread that sends or receives them; the rest is safe
/// from any thread.</summary>
/// <remarks>Holds what its blocks need and no more: after a pause of a block period every line of memory comes from far away, and there are hundreds of streams.</remarks>
internal sealed class OpenStream(in AudioStream stream, StreamDirection direction, long limit)
{
    private long _limit = limit;
    private volatile bool _isClosed;
    private volatile bool _isReplaced;

    public int Id { get; } = stream.Id;

    public int Epoch { get; } = stream.Epoch;

    public int AudioChannels { get; } = stream.AudioChannels;

    public int MaxFramesPerBlock { get; } = stream.MaxFramesPerBlock;

    public StreamDirection Direction { get; } = direction;

    public bool IsOpen => !_isClosed;

    /// <summary>Whether its id has a newer epoch.</summary>
    public bool IsReplaced => _isReplaced;

    /// <summary>Where the next block starts.</summary>
    public long NextFrame { get; private set; } = stream.StartFrame;

    /// <summary>Number of the next block.</summary>
    public uint Sequence { get; private set; }

    /// <summary>The credit. Raised by one thread, by the other end's word or by this end's.</summary>
    public long Limit
    {
        get => Volatile.Read(ref _limit);
        set => Volatile.Write(ref _limit, value);
    }

    public void Close() => _isClosed = true;

    public void Replace() => _isReplaced = true;

    /// <summary>Takes note of a block that was sent or received.</summary>
    public void Pass(int frames)
    {
        NextFrame += frames;
        Sequence = unchecked(Sequence + 1);
    }
}
