using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.Protocol.Tests;

[Collection(nameof(Alone))]
public sealed class InMemoryResourceTests
{
    [Theory, MemberData(nameof(ConformanceRows.Alone), MemberType = typeof(ConformanceRows))]
    public Task The_contract_holds(string id) => ConformanceRows.RunAsync(new InMemorySubject(), id);
}
