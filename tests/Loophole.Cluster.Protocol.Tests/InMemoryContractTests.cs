using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.Protocol.Tests;

public sealed class InMemoryContractTests
{
    [Theory, MemberData(nameof(ConformanceRows.SideBySide), MemberType = typeof(ConformanceRows))]
    public Task The_contract_holds(string id) => ConformanceRows.RunAsync(new InMemorySubject(), id);
}
