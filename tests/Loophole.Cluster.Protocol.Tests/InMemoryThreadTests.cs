using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.Protocol.Tests;

/// <summary>Receiving on a thread over pipes that cannot be waited at.</summary>
public sealed class InMemoryThreadTests
{
    [Theory, MemberData(nameof(ConformanceRows.Links), MemberType = typeof(ConformanceRows))]
    public Task The_link_contract_holds(string id) => ConformanceRows.RunAsync(new ThreadedSubject(new InMemorySubject()), id);
}
