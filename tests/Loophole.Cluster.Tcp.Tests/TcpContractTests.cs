using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Tests.Support;

namespace Loophole.Cluster.Tcp.Tests;

public sealed class TcpContractTests
{
    public static TheoryData<string, Security> LinkClauses => Both(LinkCases.All.Keys);

    public static TheoryData<string, Security> ConnectionClauses => Both(ConnectionCases.All.Keys);

    [Theory, MemberData(nameof(LinkClauses))]
    public Task The_link_contract_holds(string clause, Security security) => RunAsync(LinkCases.All[clause], security);

    [Theory, MemberData(nameof(ConnectionClauses))]
    public Task The_connection_contract_holds(string clause, Security security) => RunAsync(ConnectionCases.All[clause], security);

    private static async Task RunAsync(Func<Scene, Task> clause, Security security)
    {
        var pool = new CountingPool();
        await using (var scene = await Scene.StartAsync(p => TestNode.Create(security, p), new Uri("tcp://127.0.0.1:0"), pool))
        {
            await clause(scene);
        }

        await Wait.Until(() => pool.Outstanding == 0);
    }

    private static TheoryData<string, Security> Both(IEnumerable<string> clauses)
    {
        var data = new TheoryData<string, Security>();
        foreach (var clause in clauses)
        {
            data.Add(clause, Security.Plain);
            data.Add(clause, Security.Tls);
        }

        return data;
    }
}
