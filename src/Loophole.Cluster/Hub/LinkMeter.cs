using Loophole.Cluster.Links;

namespace Loophole.Cluster.Hub;

/// <summary>Counts what crosses a link for one subgraph under one assignment, and how far ahead of what is heard it comes. Each side has one writer; nothing is locked or allocated.</summary>
internal sealed class LinkMeter
{
    private long _blocksReceived;
    private long _bytesReceived;
    private long _lateBlocks;
    private long _blocksSent;
    private long _bytesSent;
    private long _least = long.MaxValue;

    /// <summary>Blocks that the node has sent. [any]</summary>
    public long BlocksReceived => Volatile.Read(ref _blocksReceived);

    /// <summary>Bytes of samples that the node has sent; silence, which crosses as a flag, counts like any other. [any]</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <summary>Blocks whose first new frame was heard, or left out, before it came. [any]</summary>
    public long LateBlocks => Volatile.Read(ref _lateBlocks);

    /// <summary>Blocks that the node was sent. [any]</summary>
    public long BlocksSent => Volatile.Read(ref _blocksSent);

    /// <summary>Bytes of samples that the node was sent, counted as those received. [any]</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>A block has come. [receiver]</summary>
    /// <param name="header">What is said of it.</param>
    public void Receive(in AudioBlockHeader header)
    {
        Volatile.Write(ref _blocksReceived, _blocksReceived + 1);
        Volatile.Write(ref _bytesReceived, _bytesReceived + BytesOf(header.FrameCount * header.AudioChannels));
    }

    /// <summary>Something new has come. [receiver]</summary>
    /// <param name="aheadFrames">By so many frames it is ahead of when it has to be there; negative when it is late.</param>
    public void Arrive(long aheadFrames)
    {
        if (aheadFrames < 0)
        {
            Volatile.Write(ref _lateBlocks, _lateBlocks + 1);
        }

        // Whoever takes it at this very moment may leave it for the next time, which is soon enough.
        if (aheadFrames < Volatile.Read(ref _least))
        {
            Volatile.Write(ref _least, aheadFrames);
        }
    }

    /// <summary>A block was written into the link. [pump]</summary>
    /// <param name="samples">Frames × channels.</param>
    public void Send(int samples)
    {
        Volatile.Write(ref _blocksSent, _blocksSent + 1);
        Volatile.Write(ref _bytesSent, _bytesSent + BytesOf(samples));
    }

    /// <summary>The least that anything was ahead by since the last call; <see langword="null"/> when nothing new has come, or nothing is due. [control]</summary>
    public long? TakeLeast() => Interlocked.Exchange(ref _least, long.MaxValue) is var least && least < long.MaxValue ? least : null;

    private static long BytesOf(int samples) => (long)samples * sizeof(float);
}
