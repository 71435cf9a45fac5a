using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Tests.Support;

namespace Loophole.Cluster.Tcp.Tests;

/// <summary>Beside <see cref="TcpContractTests"/>: many of the cases wait more than they work.</summary>
public sealed class TlsContractTests
{
    [Theory, MemberData(nameof(ConformanceRows.SideBySide), MemberType = typeof(ConformanceRows))]
    public Task The_contract_holds_under_tls(string id) => ConformanceRows.RunAsync(new TcpSubject(Security.Tls), id);
}
