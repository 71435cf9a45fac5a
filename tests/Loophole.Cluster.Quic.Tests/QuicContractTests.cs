using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.Quic.Tests;

public sealed class QuicContractTests
{
    public static TheoryData<string> LinkClauses => [.. LinkCases.All.Keys];

    public static TheoryData<string> ConnectionClauses => [.. ConnectionCases.All.Keys];

    [Theory, MemberData(nameof(LinkClauses))]
    public Task The_link_contract_holds(string clause) => RunAsync(LinkCases.All[clause]);

    [Theory, MemberData(nameof(ConnectionClauses))]
    public Task The_connection_contract_holds(string clause) => RunAsync(ConnectionCases.All[clause]);

    private static async Task RunAsync(Func<Scene, Task> clause)
    {
        Needs.Quic();
        var pool = new CountingPool();
        await using (var scene = await Scene.StartAsync(Quic.Transport, Quic.Anywhere, pool))
        {
            await clause(scene);
        }

        await Wait.Until(() => pool.Outstanding == 0);
    }
}
