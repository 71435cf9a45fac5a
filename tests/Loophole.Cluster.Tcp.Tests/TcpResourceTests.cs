using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Tests.Support;

namespace Loophole.Cluster.Tcp.Tests;

[Collection(nameof(Alone))]
public sealed class TcpResourceTests
{
    [Theory, MemberData(nameof(ConformanceRows.Alone), MemberType = typeof(ConformanceRows))]
    public Task The_contract_holds_in_the_clear(string id) => ConformanceRows.RunAsync(new TcpSubject(Security.Plain), id);

    [Theory, MemberData(nameof(ConformanceRows.Alone), MemberType = typeof(ConformanceRows))]
    public Task The_contract_holds_under_tls(string id) => ConformanceRows.RunAsync(new TcpSubject(Security.Tls), id);
}
