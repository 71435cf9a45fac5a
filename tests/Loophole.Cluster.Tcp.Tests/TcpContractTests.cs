using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Tests.Support;

namespace Loophole.Cluster.Tcp.Tests;

public sealed class TcpContractTests
{
    [Theory, MemberData(nameof(ConformanceRows.SideBySide), MemberType = typeof(ConformanceRows))]
    public Task The_contract_holds_in_the_clear(string id) => ConformanceRows.RunAsync(new TcpSubject(Security.Plain), id);
}
