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
        var result = await Stage.PerformAsync(satellites, new LoopRegion(20_000, 30_000), async stage =>
        {
            await stage.PlayAsync(20);
            await stage.ChangeAsync(control => control.PauseAsync());
            await stage.PlayAsync(20);
            await stage.ChangeAsync(control => control.LocateAsync(15_000));
            await stage.ChangeAsync(control => control.RunAsync());
            // Into the loop, and over its seam.
            await stage.PlayAsync(100);
            await stage.ChangeAsync(control => control.RepeatAsync(new LoopRegion(21_000, 23_000)));
            await stage.PlayAsync(40);
            await stage.ChangeAsync(control => control.SetParameterAsync("p3", "add", 0.25));
            await stage.PlayAsync(20);
            await stage.ChangeAsync(control => control.SetParameterAsync("p3", "add", null));
            await stage.ChangeAsync(control => control.RepeatAsync(null));
            await stage.PlayAsync(40);
            await stage.ChangeAsync(control => control.StopAsync());
            await stage.PlayAsync(20);
        });
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
        await Stage.PerformAsync(1, null, async stage =>
        {
            await stage.PlayAsync(20);
            Assert.Equal((20 * Stage.Block) + Stage.Reaction, await stage.ChangeAsync(control => control.PauseAsync()));
            var far = stage.Control.LocateAsync(5_000, notBefore: 200_001);
            Assert.Equal(30_001, await stage.ChangeAsync(control => control.RunAsync(notBefore: 30_001)));
            await stage.PlayAsync(700);
            Assert.Equal(200_001, await Wait.For(far));
            await stage.PlayAsync(100);
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
        var result = await Stage.PerformAsync(2, new LoopRegion(1_000, 9_000), async stage =>
        {
            var lossAt = random.Next(10);
            for (var step = 0; step < 10; step++)
            {
                await stage.PlayAsync(random.Next(1, 20));
                var loss = step == lossAt ? Task.Run(() => stage.Cut(1 + random.Next(2))) : Task.CompletedTask;
                await stage.ChangeAsync(control => random.Next(5) switch
                {
                    0 => control.PauseAsync(),
                    1 => control.RunAsync(),
                    2 => control.LocateAsync(random.Next(10_000)),
                    3 => control.RepeatAsync(new LoopRegion(random.Next(2_000), 5_000 + random.Next(5_000))),
                    _ => control.SetParameterAsync($"p{random.Next(9)}", "add", random.NextDouble()),
                });
                await loss;
            }

            await stage.PlayAsync(40);
        });
        Assert.Single(result.Nodes, node => node.LostReason.Length > 0);
    }

    [Fact]
    public async Task What_does_not_concern_a_subgraph_does_not_start_it_anew()
    {
        var (before, made) = (0, 0);
        await Stage.PerformAsync(
            2,
            null,
            async stage =>
            {
                await stage.PlayAsync(10);
                before = stage.Renderers;
                await stage.ChangeAsync(control => control.SetParameterAsync("p3", "add", 0.5));
                made = stage.Renderers - before;
                await stage.PlayAsync(40);
            });
        // The one that holds the node, and those on the way to the master.
        Assert.InRange(made, 1, before - 1);
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_by_name_and_playing_goes_on()
    {
        await Stage.PerformAsync(1, null, async stage =>
        {
            await stage.PlayAsync(10);
            var control = stage.Control;
            Assert.Contains("\"p99\"", (await Assert.ThrowsAsync<GraphException>(() => Wait.For(control.SetParameterAsync("p99", "add", 1)))).Message, StringComparison.Ordinal);
            Assert.Contains("\"gone\"", (await Assert.ThrowsAsync<GraphException>(() => Wait.For(control.SetParameterAsync("p3", "gone", 1)))).Message, StringComparison.Ordinal);
            Assert.Contains("NaN", (await Assert.ThrowsAsync<GraphException>(() => Wait.For(control.SetParameterAsync("p3", "add", double.NaN)))).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => { _ = control.RepeatAsync(new LoopRegion(5, 5)); });
            Assert.Throws<ArgumentOutOfRangeException>(() => { _ = control.LocateAsync(-1); });
            Assert.Throws<ArgumentOutOfRangeException>(() => { _ = control.LocateAsync(long.MaxValue); });
            Assert.Throws<ArgumentOutOfRangeException>(() => { _ = control.RunAsync(-1); });
            await stage.PlayAsync(40);
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
        var playing = coordinator.PlayAsync(Stage.Request(null), null, stop.Token, Wait.Token);
        await Wait.For(early);
        var far = coordinator.Playback.RunAsync(notBefore: 1L << 40);
        await stop.CancelAsync();
        await Wait.For(playing);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Wait.For(far));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Wait.For(coordinator.Playback.RunAsync()));
    }
}
