using System.Buffers;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>A large piece of rented memory, for the block periods of many streams. Stays where it is, so that finding it costs no look at what it is made of.</summary>
internal sealed unsafe class AudioMemory : IDisposable
{
    private readonly IMemoryOwner<byte> _owner;
    private readonly byte* _start;
    private MemoryHandle _pin;

    private AudioMemory(IMemoryOwner<byte> owner, int place)
    {
        Place = place;
        _owner = owner;
        _pin = owner.Memory.Pin();
        _start = (byte*)_pin.Pointer;
        Length = owner.Memory.Length;
    }

    /// <summary>Which of a channel's pieces it is.</summary>
    public int Place { get; }

    public int Length { get; }

    public Memory<byte> Memory => _owner.Memory;

    /// <summary>Rents also where a pool has small pieces only.</summary>
    public static AudioMemory Rent(MemoryPool<byte> pool, int size, int place) => new((size <= pool.MaxBufferSize ? pool : MemoryPool<byte>.Shared).Rent(size), place);

    /// <summary>A part of it, for whoever holds it.</summary>
    public Span<byte> Span(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)Length, nameof(start));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(Length - start), nameof(length));
        return new Span<byte>(_start + start, length);
    }

    public void Dispose()
    {
        _pin.Dispose();
        _owner.Dispose();
    }
}
