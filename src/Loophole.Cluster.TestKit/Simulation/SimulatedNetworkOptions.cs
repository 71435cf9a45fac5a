using System.Buffers;
using Loophole.Cluster.TestKit.Impairment;

namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>Settings of a <see cref="SimulatedNetwork"/>. Read once, at construction.</summary>
public sealed class SimulatedNetworkOptions
{
    /// <summary>Where every draw comes from: the same seed and the same calls give the same trace. Default 1; any number.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The conditions of a link that nobody has set. Default ideal.</summary>
    public LinkConditions Conditions { get; init; } = LinkConditions.Ideal;

    /// <summary>How long an attempt to connect or to open a channel may take, the peer's answer included. Default 10 s; 1 ms to 1 h.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public TimeSpan ConnectTimeout
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes under way in a channel, and likewise bytes arrived and not read, at which the sender's flush waits; it goes on at half of
    /// it. Default 1 MiB; 4 KiB to 1 GiB.</summary>
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

    /// <summary>Entries that the trace keeps, the last ones. Default 4096; 0 to 2²⁰.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int TraceCapacity
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 20);
            field = value;
        }
    } = 4096;

    /// <summary>Where every buffer is rented; <see langword="null"/> for <see cref="MemoryPool{T}.Shared"/>. Must outlive all connections.</summary>
    public MemoryPool<byte>? Pool { get; init; }
}
