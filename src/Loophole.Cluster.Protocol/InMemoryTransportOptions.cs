using System.Buffers;

namespace Loophole.Cluster.Protocol;

/// <summary>Settings of an <see cref="InMemoryTransport"/>. Read once, at construction.</summary>
public sealed class InMemoryTransportOptions
{
    /// <summary>Where every buffer is rented; <see langword="null"/> for <see cref="MemoryPool{T}.Shared"/>. Must outlive the transport.</summary>
    public MemoryPool<byte>? Pool { get; init; }

    /// <summary>Bytes written and not yet read at which a flush of a channel waits; it goes on at half of it. Default 1 MiB; 4 KiB to 1 GiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int PauseThreshold
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 4096);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 30);
            field = value;
        }
    } = 1 << 20;
}
