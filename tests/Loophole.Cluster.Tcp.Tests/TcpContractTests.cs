using System.Buffers;
using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.Tcp.Tests;

public sealed class TcpContractTests
{
    public static TheoryData<string> LinkClauses => [.. LinkCases.All.Keys];

    public static TheoryData<string> ConnectionClauses => [.. ConnectionCases.All.Keys];

    [Theory, MemberData(nameof(LinkClauses))]
    public Task The_link_contract_holds(string clause) => RunAsync(LinkCases.All[clause]);

    [Theory, MemberData(nameof(ConnectionClauses))]
    public Task The_connection_contract_holds(string clause) => RunAsync(ConnectionCases.All[clause]);

    private static TcpTransport Create(MemoryPool<byte> pool) => new(new TcpTransportOptions { InsecureLoopback = true, Pool = pool });

    private static async Task RunAsync(Func<Scene, Task> clause)
    {
        var pool = new CountingPool();
        await using (var scene = await Scene.StartAsync(Create, new Uri("tcp://127.0.0.1:0"), pool))
        {
            await clause(scene);
        }

        await Wait.Until(() => pool.Outstanding == 0);
    }
}
