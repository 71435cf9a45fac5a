using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.TestKit.Simulation;

namespace Loophole.Cluster.TestKit.Tests.Simulation;

/// <summary>A greeting, a link, a block: cut at every byte of it, both ways.</summary>
public sealed class CutWalkTests
{
    [Theory]
    [InlineData("client", "server")]
    [InlineData("server", "client")]
    public async Task Wherever_a_connection_is_cut_each_end_meets_an_error_with_a_name(string from, string to)
    {
        var (near, far, total) = await RunAsync(from, to, null);
        Assert.Null(near);
        Assert.Null(far);
        Assert.InRange(total, 200, 2000);

        // The same bytes at any time of day.
        for (var again = 0; again < 30; again++)
        {
            Assert.Equal(total, (await RunAsync(from, to, null)).Bytes);
        }

        // From the first byte, because before it there is no connection to cut, to the last but one, after which all has arrived.
        for (var bytes = 1; bytes < total; bytes++)
        {
            var (nearError, farError, delivered) = await RunAsync(from, to, bytes);
            Assert.True(nearError is not null || farError is not null, $"Cut after {bytes} bytes, and neither end noticed.");
            Assert.Equal(bytes, delivered);
        }
    }

    private static async Task<(Exception? Near, Exception? Far, long Bytes)> RunAsync(string from, string to, long? cutAfter)
    {
        using var pool = new CountingMemoryPool();
        var network = new SimulatedNetwork(new SimulatedNetworkOptions { Pool = pool }, new ManualTimeProvider());
        var listener = await network.ListenAsync(new Uri("sim://server:0"), SimScene.Token);
        var link = network.Link(from, to);
        if (cutAfter is { } bytes)
        {
            link.Run(new FaultScript(FaultStep.AfterBytes(bytes, Fault.Cut)));
        }

        var (near, far) = await new SmallExchange(network, listener, listener.LocalEndPoint, SimScene.Wait).RunAsync();
        await listener.DisposeAsync();
        await network.DisposeAsync();
        await SimScene.Wait.For(pool.WaitUntilEmptyAsync(SimScene.Token), $"the return of every rented buffer after a cut at byte {cutAfter}");
        return (near, far, link.BytesDelivered);
    }
}
