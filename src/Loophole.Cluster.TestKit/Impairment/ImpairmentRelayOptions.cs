using System.Buffers;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>Settings of an <see cref="ImpairmentRelay"/>. Read once, at construction.</summary>
public sealed class ImpairmentRelayOptions
{
    /// <summary>What is forwarded. Default TCP.</summary>
    public RelayProtocol Protocol { get; init; }

    /// <summary>Where every draw comes from. Default 1; any number.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The conditions both ways at first. Default ideal.</summary>
    public LinkConditions Conditions { get; init; } = LinkConditions.Ideal;

    /// <summary>Bytes that a stream holds under way, and likewise arrived, per direction, before it stops reading; or that a peer's datagrams
    /// hold before further ones are lost. Default 1 MiB; 64 KiB to 1 GiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int BufferBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 64 * 1024);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 30);
            field = value;
        }
    } = 1 << 20;

    /// <summary>Clients served at a time; one more is reset, or its datagrams are lost. Default 1024; 1 to 65536.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int MaxClients
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65536);
            field = value;
        }
    } = 1024;

    /// <summary>Where the buffers of streams are rented; <see langword="null"/> for <see cref="MemoryPool{T}.Shared"/>. Must outlive the relay.</summary>
    public MemoryPool<byte>? Pool { get; init; }
}
