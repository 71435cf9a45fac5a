using Loophole.Cluster.Planning;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Sessions;

/// <summary>What is changed while it plays is rendered anew from there on, and what is heard is what an offline render of the log makes.</summary>
public sealed class PlayChangeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Everything_that_can_be_done_is_heard_at_its_frame(int satellites)
    {
        var result = await Performance.PerformAsync(satellites, new LoopRegion(20_000, 30_000), async performance =>
        {
            await performance.PlayAsync(20);
            await performance.ChangeAsync(control => control.PauseAsync());
            await performance.PlayAsync(20);
            await performance.ChangeAsync(control => control.LocateAsync(15_000));
            await performance.ChangeAsync(control => control.RunAsync());
            // Into the loop, and over its seam.
            await performance.PlayAsync(100);
            await performance.ChangeAsync(control => control.RepeatAsync(new LoopRegion(21_000, 23_000)));
            await performance.PlayAsync(40);
            await performance.ChangeAsync(control => control.SetParameterAsync("p3", "add", 0.25));
            await performance.PlayAsync(20);
            await performance.ChangeAsync(control => control.SetParameterAsync("p3", "add", null));
            await performance.ChangeAsync(control => control.RepeatAsync(null));
            await performance.PlayAsync(40);
            await performance.ChangeAsync(control => control.StopAsync());
            await performance.PlayAsync(20);
        });
        // With what was rendered before the last change, and what was rendered twice.
        Assert.All(result.Nodes, node => Assert.True(node.Blocks >= node.Subgraphs * result.Frames / 128, $"{node.Name}: {node.Blocks} blocks"));
        var kinds = result.Events.OfType<TransportEvent>().ToArray();
        Assert.Contains(kinds, change => change is { ProjectFrame: 15_000, ResetsState: true, IsPlaying: false });
        Assert.Contains(kinds, change => change is { ProjectFrame: 20_000, ResetsState: false });
        Assert.Contains(kinds, change => change is { ProjectFrame: 21_000, ResetsState: false });
        Assert.Contains(kinds, change => change is { ProjectFrame: 0, ResetsState: true, IsPlaying: false });
        Assert.Equal([0.25, null], result.Events.OfType<ParameterEvent>().Select(change => change.Value));
    }

    [Fact]
    public async Task A_change_is_as_near_as_it_may_be_and_what_is_asked_for_ahead_is_exact()
    {
        await Performance.PerformAsync(1, null, async performance =>
        {
            await performance.PlayAsync(20);
            Assert.Equal((20 * Performance.Block) + Performance.Reaction, await performance.ChangeAsync(control => control.PauseAsync()));
            var far = performance.Control.LocateAsync(5_000, notBefore: 200_001);
            Assert.Equal(30_001, await performance.ChangeAsync(control => control.RunAsync(notBefore: 30_001)));
            await performance.PlayAsync(700);
            Assert.Equal(200_001, await Wait.For(far));
            await performance.PlayAsync(100);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_satellite_may_be_lost_at_any_time_meanwhile(int seed)
    {
        var random = new Random(seed);
        var result = await Performance.PerformAsync(2, new LoopRegion(1_000, 9_000), async performance =>
        {
            var lossAt = random.Next(10);
            for (var step = 0; step < 10; step++)
            {
                await performance.PlayAsync(random.Next(1, 20));
                var loss = step == lossAt ? Task.Run(() => performance.Cut(1 + random.Next(2))) : Task.CompletedTask;
                await performance.ChangeAsync(control => Performance.ChangeSomething(control, random));
                await loss;
            }

            await performance.PlayAsync(40);
        });
        Assert.Single(result.Nodes, node => node.LostReason.Length > 0);
    }

    [Fact]
    public async Task What_does_not_concern_a_subgraph_does_not_start_it_anew()
    {
        var (before, made) = (0, 0);
        await Performance.PerformAsync(
            2,
            null,
            async performance =>
            {
                await performance.PlayAsync(10);
                before = performance.Renderers;
                await performance.ChangeAsync(control => control.SetParameterAsync("p3", "add", 0.5));
                made = performance.Renderers - before;
                await performance.PlayAsync(40);
            });
        // The one that holds the node, and those on the way to the master.
        Assert.InRange(made, 1, before - 1);
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_by_name_and_playing_goes_on()
    {
        await Performance.PerformAsync(1, null, async performance =>
        {
            await performance.PlayAsync(10);
            var control = performance.Control;
            Assert.Contains("\"p99\"", (await Assert.ThrowsAsync<GraphException>(() => Wait.For(control.SetParameterAsync("p99", "add", 1)))).Message, StringComparison.Ordinal);
            Assert.Contains("\"gone\"", (await Assert.ThrowsAsync<GraphException>(() => Wait.For(control.SetParameterAsync("p3", "gone", 1)))).Message, StringComparison.Ordinal);
            Assert.Contains("NaN", (await Assert.ThrowsAsync<GraphException>(() => Wait.For(control.SetParameterAsync("p3", "add", double.NaN)))).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => { _ = control.RepeatAsync(new LoopRegion(5, 5)); });
            Assert.Throws<ArgumentOutOfRangeException>(() => { _ = control.LocateAsync(-1); });
            Assert.Throws<ArgumentOutOfRangeException>(() => { _ = control.LocateAsync(long.MaxValue); });
            Assert.Throws<ArgumentOutOfRangeException>(() => { _ = control.RunAsync(-1); });
            await performance.PlayAsync(40);
        });
    }

    [Fact]
    public async Task What_nobody_will_do_any_more_is_refused_at_once()
    {
        await using var studio = await Studio.StartAsync(0);
        await using var coordinator = studio.Coordinate();
        await coordinator.ConnectAsync(studio.Nodes[0].EndPoint, Wait.Token);
        var early = coordinator.Playback.PauseAsync();
        using var stop = new CancellationTokenSource();
        var playing = coordinator.PlayAsync(Performance.Request(null), null, stop.Token, Wait.Token);
        await Wait.For(early);
        var far = coordinator.Playback.RunAsync(notBefore: 1L << 40);
        await stop.CancelAsync();
        await Wait.For(playing);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Wait.For(far));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Wait.For(coordinator.Playback.RunAsync()));
    }
}
