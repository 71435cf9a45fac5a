using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Connections;
using Loophole.Cluster.Tcp.Tests.Support;

namespace Loophole.Cluster.Tcp.Tests;

[Collection(nameof(Alone))]
public sealed class TcpResourceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(ConformanceRows.Alone), MemberType = typeof(ConformanceRows))]
    public Task The_contract_holds_in_the_clear(string id) => ConformanceRows.RunAsync(new TcpSubject(Security.Plain), id);

    [Theory, MemberData(nameof(ConformanceRows.Alone), MemberType = typeof(ConformanceRows))]
    public Task The_contract_holds_under_tls(string id) => ConformanceRows.RunAsync(new TcpSubject(Security.Tls), id);

    [Theory, InlineData(Security.Plain), InlineData(Security.Tls)]
    public async Task A_listener_forgets_the_connections_that_ended(Security security)
    {
        using var pool = new CountingMemoryPool();
        await using var transport = TestNode.Create(security, pool);
        await using var listener = (TcpClusterListener)await transport.ListenAsync(new Uri("tcp://127.0.0.1:0"), Token);
        for (var i = 0; i < 200; i++)
        {
            var connecting = transport.ConnectAsync(listener.LocalEndPoint, Token).AsTask();
            var far = await Wait.For(listener.AcceptAsync(Token));
            var near = await Wait.For(connecting);
            if (i % 3 == 0)
            {
                near.Abort("test");
            }

            await Wait.For(near.DisposeAsync());
            await Wait.For(far!.DisposeAsync());
        }

        await Wait.Until(() => listener.Connections == 0);
        await Wait.Until(() => listener.HalfOpen == 0);
        await Wait.For(pool.WaitUntilEmptyAsync(Token));
        Assert.InRange(pool.MostOutstanding, 1, 40);
    }
}
