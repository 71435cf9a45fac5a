using Loophole.Cluster;

namespace Loophole.EndToEnd.Tests.InProcess;

public sealed class InProcessRenderTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public async Task Any_number_of_satellites_renders_the_same_samples(int satellites, int workers)
    {
        var expected = await HashAsync(0, 1, 256);
        Assert.Equal(expected, await HashAsync(satellites, workers, 100));
    }

    private static async Task<string> HashAsync(int satellites, int workers, int block)
    {
        await using var cluster = await InProcessCluster.StartAsync(satellites, workers);
        var result = await cluster.RenderAsync(new RenderRequest { Graph = TestGraphs.Tones(9), LengthFrames = 200_000, OutputPath = "x", BlockFrames = block, CheckpointFrames = 20_000 }, TestContext.Current.CancellationToken);
        Assert.Equal(200_000, result.Frames);
        Assert.Equal(0, result.Failovers);
        Assert.All(result.Nodes, node => Assert.True(node.Blocks > 0, $"{node.Name} rendered nothing."));
        Assert.Contains(cluster.Sink.Samples.ToArray(), sample => sample != 0);
        return result.Sha256;
    }
}
