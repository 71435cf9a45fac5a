using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Tests.Support;

namespace Loophole.Cluster.Tcp.Tests;

[Collection(nameof(Alone))]
public sealed class TcpResourceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData(Security.Plain), InlineData(Security.Tls)]
    public async Task Steady_state_allocates_nothing_per_block(Security security)
    {
        var pool = new CountingPool();
        await using var scene = await Scene.StartAsync(p => TestNode.Create(security, p), new Uri("tcp://127.0.0.1:0"), pool);
        var bytes = await SteadyState.MeasureAsync(scene);
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes for {SteadyState.Blocks} blocks");
        Assert.InRange(bytes, 0, SteadyState.Tolerance);
    }

    [Theory, InlineData(Security.Plain, 10_000), InlineData(Security.Tls, 500)]
    public async Task Many_connections_leave_nothing_behind(Security security, int count)
    {
        var pool = new CountingPool();
        await using var transport = TestNode.Create(security, pool);
        await using var listener = await transport.ListenAsync(new Uri("tcp://127.0.0.1:0"), Token);
        var handles = 0;
        for (var i = 0; i < count + 50; i++)
        {
            // The first fifty warm the runtime up, which opens handles of its own.
            handles = i == 50 ? CountHandles() : handles;
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

        // Of four sockets each time.
        await Wait.Until(() => CountHandles() <= handles + 8);
        await Wait.Until(() => pool.Outstanding == 0);
        Assert.InRange(pool.MostOutstanding, 1, 40);
    }

    private static int CountHandles() => OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : 0;
}
