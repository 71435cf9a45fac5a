using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.Protocol.Tests;

[Collection(nameof(Alone))]
public sealed class InMemoryResourceTests
{
    [Fact]
    public async Task Steady_state_allocates_nothing_per_block()
    {
        var pool = new CountingPool();
        await using var scene = await Scene.StartAsync(p => new InMemoryTransport(new InMemoryTransportOptions { Pool = p }), new Uri("memory://steady"), pool);
        var bytes = await SteadyState.MeasureAsync(scene);
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes for {SteadyState.Blocks} blocks");
        Assert.InRange(bytes, 0, SteadyState.Tolerance);
    }
}
