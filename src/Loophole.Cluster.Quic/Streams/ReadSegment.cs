using System.Buffers;

namespace Loophole.Cluster.Quic.Streams;

/// <summary>One rented piece of what a stream has brought, in a chain. Used again when all of it was consumed.</summary>
internal sealed class ReadSegment(MemoryPool<byte> pool, int size) : ReadOnlySequenceSegment<byte>
{
    private readonly IMemoryOwner<byte> _owner = pool.Rent(size);

    public int Length => Memory.Length;

    public long End => RunningIndex + Length;

    /// <summary>Where the stream may write.</summary>
    public Memory<byte> Free => _owner.Memory[Length..];

    public void Append(int count) => Memory = _owner.Memory[..(Length + count)];

    /// <summary>Starts over, empty, at a place in the stream.</summary>
    public void Reset(long position)
    {
        Memory = default;
        Next = null;
        RunningIndex = position;
    }

    public void SetNext(ReadSegment next) => Next = next;

    public void Return() => _owner.Dispose();
}
