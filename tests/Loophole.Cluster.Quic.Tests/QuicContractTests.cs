using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.Quic.Tests;

public sealed class QuicContractTests
{
    [Theory, MemberData(nameof(ConformanceRows.SideBySide), MemberType = typeof(ConformanceRows))]
    public Task The_contract_holds(string id)
    {
        Needs.Quic();
        return ConformanceRows.RunAsync(new QuicSubject(), id);
    }
}
