using Loophole.Cluster;

namespace Loophole.EndToEnd.Tests.InProcess;

public sealed class AllocationTests
{
    [Fact]
    public async Task Render_threads_allocate_nothing_from_block_to_block()
    {
        var meter = new AllocationMeter();
        await using (var cluster = await InProcessCluster.StartAsync(satellites: 2, workers: 1, meter))
        {
            await cluster.RenderAsync(
                new RenderRequest { Graph = TestGraphs.Tones(9), LengthFrames = 1_000_000, OutputPath = "x", BlockFrames = 256, CheckpointFrames = 8_192 },
                TestContext.Current.CancellationToken);
        }

        // From one call of Render to the next on the same thread: the render, the worker's loop, its bells, its checkpoints.
        Assert.True(meter.Blocks > 5_000, $"Only {meter.Blocks} blocks were measured.");
        Assert.Equal(0, meter.SteadyBytes);
    }
}
