using Loophole.Cluster.Graph;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Sessions;

/// <summary>A satellite that sends what the protocol has, but more often than anybody needs it.</summary>
public sealed class FloodTests
{
    [Theory]
    [InlineData(false, "the node floods: it has granted credit for stream")]
    [InlineData(true, "the node granted a horizon")]
    public async Task Who_floods_is_dropped_and_the_samples_are_the_same(bool grantsHorizons, string reason)
    {
        var request = Studio.Request(graph: ThreeHeavyChannels, policy: DistributionPolicy.AggressiveOffload);
        var expected = await Studio.ReferenceAsync(request);
        await using var studio = await Studio.StartAsync(2, watch: network => new WatchedTransport(network, link => new FloodingLink(link, grantsHorizons)));
        var result = await studio.RenderAsync(request);
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.Contains(result.Nodes, node => node.LostReason.Contains(reason, StringComparison.Ordinal));
    }

    /// <summary>Of two satellites one has two of them, and is sent what the other makes.</summary>
    private static AudioGraph ThreeHeavyChannels => new()
    {
        SampleRate = 48_000,
        LengthFrames = 0,
        OutputChannelId = "master",
        Channels = [Heavy("one", "bus"), Heavy("two", "bus"), Heavy("bus", "master"), new Channel { Id = "master", Name = "Master" }],
    };

    private static Channel Heavy(string id, string output) => new() { Id = id, Name = id, OutputChannelId = output, Nodes = [FakeProcessors.Plain($"p.{id}", cost: 40)] };
}
