using Loophole.Cluster.Links;

namespace Loophole.Bench.Links;

/// <summary>What carries the link.</summary>
internal enum Carrier
{
    Tcp,
    Tls,
    Quic,
}

/// <summary>One way of using a link, of those compared.</summary>
/// <param name="Name">As it stands in the report.</param>
/// <param name="Carrier">What carries the link.</param>
/// <param name="Wait">How a thread waits.</param>
/// <param name="IsAsync">Whether a task awaits instead.</param>
/// <param name="FlushesEach">Whether every channel's block is flushed by itself.</param>
internal sealed record Kind(string Name, Carrier Carrier, WaitStrategy Wait, bool IsAsync = false, bool FlushesEach = false);
