using System.Buffers;

namespace Loophole.Cluster.Quic.Streams;

/// <summary>One contiguous rented piece to send: what is flushed at once leaves in one write.</summary>
internal sealed class SendBuffer(MemoryPool<byte> pool, int size)
{
    private IMemoryOwner<byte> _owner = pool.Rent(size);

    public int Length { get; private set; }

    public int Capacity => _owner.Memory.Length;

    public ReadOnlyMemory<byte> Written => _owner.Memory[..Length];

    /// <summary>Room behind what is written; grows by doubling, and copies.</summary>
    public Memory<byte> Room(int least)
    {
        if (_owner.Memory.Length - Length < Math.Max(least, 1))
        {
            var larger = pool.Rent(Math.Max(Length + least, Capacity * 2));
            Written.CopyTo(larger.Memory);
            _owner.Dispose();
            _owner = larger;
        }

        return _owner.Memory[Length..];
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _owner.Memory.Length - Length);
        Length += count;
    }

    public void Clear() => Length = 0;

    public void Return() => _owner.Dispose();
}
