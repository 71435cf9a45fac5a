using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>What the broken transports are made of has no flaw of its own.</summary>
public sealed class HealthyTransportTests
{
    [Theory, MemberData(nameof(ConformanceRows.SideBySide), MemberType = typeof(ConformanceRows))]
    public Task The_wrapped_transport_without_a_flaw_passes(string id) => ConformanceRows.RunAsync(BrokenTransports.CreateHealthy(), id);
}
