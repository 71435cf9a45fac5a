using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class RenderTests
{
    [Theory]
    [InlineData(8192, 16, 16)]
    [InlineData(16, 16, 16)]
    [InlineData(16, 4_000, 16)]
    [InlineData(256, 16, 4_000_000)]
    [InlineData(100, 4_000_000, 100)]
    [InlineData(8192, 4_000_000, 4_000_000)]
    [InlineData(512, 600, 20_000)]
    public async Task Every_legal_block_lead_and_checkpoint_size_ends_with_the_same_samples(int block, int lead, int checkpoint)
    {
        var expected = await Studio.ReferenceAsync(Studio.Request(graph: RandomGraph.Bus(4)));
        await using var studio = await Studio.StartAsync(2);
        var result = await studio.RenderAsync(Studio.Request(block: block, lead: lead, checkpoint: checkpoint, graph: RandomGraph.Bus(4)));
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.All(result.Nodes, node => Assert.Equal("", node.LostReason));
    }

    [Fact]
    public async Task A_node_that_refuses_is_named_and_the_others_render()
    {
        var expected = await Studio.ReferenceAsync(Studio.Request());
        await using var studio = await Studio.StartAsync(2);
        studio.Nodes[1].Renderers.Refuses = _ => true;
        var result = await studio.RenderAsync(Studio.Request());
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.Contains("no such processor here", result.Nodes[1].LostReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)] // expectHost
    [InlineData(3)] // withdraw
    [InlineData(4)] // events
    [InlineData(5)] // media.query
    [InlineData(6)] // deploy
    [InlineData(7)] // media.query, deploy or telemetry
    [InlineData(8)]
    [InlineData(9)]
    public async Task A_node_that_vanishes_with_a_control_message_changes_nothing(int message)
    {
        var expected = await Studio.ReferenceAsync(Studio.Request());
        await using var studio = await Studio.StartAsync(2);
        studio.Network.CutsAfter[studio.Nodes[1].EndPoint] = message;
        await studio.RenderAsync(Studio.Request());
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.True(studio.Sinks.IsComplete);
    }

    [Fact]
    public async Task A_node_that_vanishes_with_the_hello_is_not_available()
    {
        await using var studio = await Studio.StartAsync(1);
        studio.Network.CutsAfter[studio.Nodes[1].EndPoint] = 1;
        var failure = await Assert.ThrowsAsync<ClusterException>(() => studio.RenderAsync(Studio.Request()));
        Assert.Equal(ClusterError.NodeUnavailable, failure.Error);
        Assert.Contains("satellite1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_whose_audio_is_cut_before_the_start_is_given_up()
    {
        var expected = await Studio.ReferenceAsync(Studio.Request());
        await using var studio = await Studio.StartAsync(2);
        // Deployment goes from node to node: when the second satellite is deployed, the first one is ready and its link is open.
        studio.Nodes[2].Renderers.Refuses = _ =>
        {
            studio.Network.Cut(studio.Nodes[1].EndPoint);
            return false;
        };
        var result = await studio.RenderAsync(Studio.Request());
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.NotEqual("", result.Nodes[1].LostReason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(19_900)]
    public async Task A_node_cut_while_it_renders_is_replaced_from_its_checkpoint(int frame)
    {
        var expected = await Studio.ReferenceAsync(Studio.Request());
        await using var studio = await Studio.StartAsync(2);
        studio.Sinks.OnFrames = frames =>
        {
            if (frames >= frame)
            {
                studio.Network.Cut(studio.Nodes[1].EndPoint);
            }
        };
        await studio.RenderAsync(Studio.Request());
        Assert.Equal(expected, studio.Sinks.Samples);
    }

    [Theory]
    [InlineData(16, 16, 16)]
    [InlineData(128, 4_096, 1_024)]
    [InlineData(256, 300, 4_096)]
    public async Task Two_nodes_lost_in_a_row_leave_the_samples_alone(int block, int lead, int checkpoint)
    {
        var request = Studio.Request(block: block, lead: lead, checkpoint: checkpoint);
        var expected = await Studio.ReferenceAsync(request);
        await using var studio = await Studio.StartAsync(2);
        studio.Sinks.OnFrames = frames =>
        {
            if (frames >= 3_000)
            {
                studio.Network.Cut(studio.Nodes[1].EndPoint);
            }

            if (frames >= 3_500)
            {
                studio.Network.Cut(studio.Nodes[2].EndPoint);
            }
        };
        var result = await studio.RenderAsync(request);
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.True(result.Failovers > 0);
    }

    [Fact]
    public async Task A_renderer_that_fails_costs_its_node_and_no_sample()
    {
        var expected = await Studio.ReferenceAsync(Studio.Request());
        await using var studio = await Studio.StartAsync(2);
        studio.Nodes[1].Renderers.FailsAtFrame = 7_777;
        var result = await studio.RenderAsync(Studio.Request());
        Assert.Equal(expected, studio.Sinks.Samples);
        Assert.Contains("failing at frame 7777", result.Nodes[1].LostReason, StringComparison.Ordinal);
        Assert.True(result.Failovers > 0);
    }

    [Fact]
    public async Task A_host_whose_renderer_fails_ends_the_render_by_name()
    {
        await using var studio = await Studio.StartAsync(1);
        studio.Nodes[0].Renderers.FailsAtFrame = 5_000;
        var failure = await Assert.ThrowsAsync<ClusterException>(() => studio.RenderAsync(Studio.Request()));
        Assert.Equal(ClusterError.HostLost, failure.Error);
        Assert.Contains("failing at frame 5000", failure.Message, StringComparison.Ordinal);
        await Wait.For(studio.Sinks.Closed);
        Assert.False(studio.Sinks.IsComplete);
    }

    [Fact]
    public async Task A_host_that_refuses_says_that_nobody_can_render()
    {
        await using var studio = await Studio.StartAsync(0);
        studio.Nodes[0].Renderers.Refuses = _ => true;
        var failure = await Assert.ThrowsAsync<ClusterException>(() => studio.RenderAsync(Studio.Request()));
        Assert.Equal(ClusterError.NobodyCanRender, failure.Error);
    }

    [Fact]
    public async Task A_sink_that_fails_in_any_way_ends_the_render()
    {
        await using var studio = await Studio.StartAsync(1);
        studio.Sinks.OnFrames = _ => throw new InvalidOperationException("the sink broke");
        var failure = await Assert.ThrowsAsync<ClusterException>(() => studio.RenderAsync(Studio.Request()));
        Assert.Equal(ClusterError.Output, failure.Error);
        Assert.Contains("the sink broke", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_render_frees_everything_and_completes_no_file()
    {
        await using var studio = await Studio.StartAsync(2);
        using var cancelling = new CancellationTokenSource();
        studio.Sinks.OnFrames = frames =>
        {
            if (frames > 2_000)
            {
                cancelling.Cancel();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => studio.RenderAsync(Studio.Request(frames: 1L << 40), cancelling));
        await Wait.For(studio.Sinks.Closed);
        await Wait.Until(() => studio.Nodes.All(node => node.Renderers.Live == 0), "the end of every renderer");
        Assert.False(studio.Sinks.IsComplete);
    }

    [Fact]
    public async Task A_second_Pulse_is_refused_and_let_in_when_the_first_has_left()
    {
        await using var studio = await Studio.StartAsync(0);
        await using (var first = studio.Coordinate())
        {
            await first.ConnectAsync(studio.Nodes[0].EndPoint, Wait.Token);
            await using var second = studio.Coordinate();
            var refused = await Assert.ThrowsAsync<ClusterException>(() => second.ConnectAsync(studio.Nodes[0].EndPoint, Wait.Token));
            Assert.Contains("works for another Pulse", refused.Message, StringComparison.Ordinal);
        }

        await Wait.For(studio.Nodes[0].Service.FirstPulseLeft);
        await using var third = studio.Coordinate();
        await third.ConnectAsync(studio.Nodes[0].EndPoint, Wait.Token);
    }

    [Fact]
    public async Task A_coordinator_renders_once()
    {
        await using var studio = await Studio.StartAsync(0);
        await using var coordinator = studio.Coordinate();
        await coordinator.ConnectAsync(studio.Nodes[0].EndPoint, Wait.Token);
        await coordinator.RenderAsync(Studio.Request(frames: 100), null, Wait.Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => coordinator.RenderAsync(Studio.Request(frames: 100), null, Wait.Token));
    }
}
