using Loophole.Cluster.Planning;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Live;

/// <summary>What is live changes while it plays, and no sample with it.</summary>
public sealed class LiveTurnTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_Channel_comes_to_be_live_and_is_not_any_more(int satellites)
    {
        var result = await Performance.PerformAsync(
            satellites,
            new LoopRegion(20_000, 30_000),
            async performance =>
            {
                await performance.PlayAsync(20);
                // With it the master, which is live then for the first time.
                await performance.ChangeAsync(control => control.SetLiveAsync("t3", isLive: true));
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.SetParameterAsync("p3", "add", 0.5));
                await performance.ChangeAsync(control => control.LocateAsync(15_000));
                await performance.PlayAsync(40);
                await performance.ChangeAsync(control => control.SetLiveAsync("t5", isLive: true));
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.SetParameterAsync("p5", "add", 0.25));
                await performance.ChangeAsync(control => control.SetLiveAsync("t3", isLive: false));
                await performance.PlayAsync(40);
                await performance.ChangeAsync(control => control.SetParameterAsync("p3", "add", -0.5));
                await performance.PlayAsync(20);
                // Nothing is left, so the master goes as well.
                await performance.ChangeAsync(control => control.SetLiveAsync("t5", isLive: false));
                await performance.PlayAsync(40);
                await performance.ChangeAsync(control => control.PauseAsync());
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.SetLiveAsync("t3", isLive: true));
                await performance.PlayAsync(40);
            });
        Assert.All(result.Nodes, node => Assert.True(node.Blocks > 0, $"{node.Name} has done nothing."));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task It_changes_while_the_device_calls(int satellites)
    {
        await Performance.PerformAsync(
            satellites,
            null,
            async performance =>
            {
                await performance.PlayAsync(10);
                for (var turn = 0; turn < 6; turn++)
                {
                    var turning = performance.Control.SetLiveAsync($"t{turn / 2}", isLive: turn % 2 == 0);
                    while (!turning.IsCompleted)
                    {
                        await performance.PlayAsync(1);
                    }

                    await turning;
                    await performance.PlayAsync(5);
                }
            },
            // This device calls whenever it likes, also in the moment of the change.
            mayBeLate: true);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_is_done_meanwhile_and_whoever_is_lost(int seed)
    {
        var random = new Random(seed);
        var result = await Performance.PerformAsync(
            2,
            new LoopRegion(1_000, 9_000),
            async performance =>
            {
                var lossAt = random.Next(10);
                for (var step = 0; step < 10; step++)
                {
                    // What has just left can come back once some hundredths of a second of it were heard.
                    await performance.PlayAsync(random.Next(2, 20));
                    var loss = step == lossAt ? Task.Run(() => performance.Cut(1 + random.Next(2))) : Task.CompletedTask;
                    if (random.Next(2) == 0)
                    {
                        await performance.ChangeAsync(control => control.SetLiveAsync($"t{random.Next(9)}", random.Next(3) > 0));
                    }
                    else
                    {
                        await performance.ChangeAsync(control => Performance.ChangeSomething(control, random));
                    }

                    await loss;
                }

                await performance.PlayAsync(40);
            });
        Assert.Single(result.Nodes, node => node.LostReason.Length > 0);
    }

    [Fact]
    public async Task It_waits_for_hands_and_what_is_asked_meanwhile_waits_for_it()
    {
        await Performance.PerformAsync(
            1,
            null,
            async performance =>
            {
                await performance.PlayAsync(10);
                var hand = await performance.ChangeAsync(control => control.OpenGestureAsync(new GestureTarget("p1", "add", 0, 1)));
                var turning = performance.Control.SetLiveAsync("t1", isLive: true);
                hand.Update(0.5);
                await performance.PlayAsync(20);
                Assert.False(turning.IsCompleted);
                await performance.ChangeAsync(_ => hand.CommitAsync(0.25));
                var changing = performance.Control.SetParameterAsync("p1", "add", 0.75);
                Task<long>[] together = [.. Enumerable.Range(0, 20).Select(at => performance.Control.SetParameterAsync($"p{at % 3}", "add", at / 20.0))];
                Assert.True(await Wait.For(turning) <= await Wait.For(changing));
                // In one go, as if nothing had held them up.
                Assert.Single((await Wait.For(Task.WhenAll(together))).Append(await changing).Distinct());
                var again = await performance.ChangeAsync(control => control.OpenGestureAsync(new GestureTarget("p1", "add", 0, 1)));
                await performance.PlayAsync(20);
                await performance.ChangeAsync(_ => again.CommitAsync(1));
                await performance.PlayAsync(40);
            });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Inserts_go_on_as_they_are(int satellites)
    {
        var graph = RandomGraph.Bus(7);
        var result = await Performance.PerformAsync(
            satellites,
            null,
            async performance =>
            {
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.SetLiveAsync("t3", isLive: true));
                await performance.PlayAsync(40);
                await performance.ChangeAsync(control => control.SetParameterAsync("i1", "add", 0.25));
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.SetLiveAsync("t3", isLive: false));
                await performance.PlayAsync(40);
                await performance.ChangeAsync(control => control.LocateAsync(9_000));
                await performance.PlayAsync(20);
            },
            graph with
            {
                Channels = [.. graph.Channels.Select((channel, at) => at % 4 != 1 ? channel : channel with { IsLive = true, InsertFrames = 1_100 + at, Nodes = [.. channel.Nodes, FakeProcessors.Plain($"i{at}", cost: 20) with { IsLatencyTolerant = true }] })],
            });
        Assert.All(result.Nodes, node => Assert.True(node.Blocks > 0, $"{node.Name} has done nothing."));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_by_name_and_playing_goes_on()
    {
        var graph = RandomGraph.Bus(3);
        await Performance.PerformAsync(
            0,
            null,
            async performance =>
            {
                await performance.PlayAsync(10);
                var unknown = await Assert.ThrowsAsync<GraphException>(() => performance.Control.SetLiveAsync("nobody", isLive: true));
                Assert.Contains("\"nobody\"", unknown.Message, StringComparison.Ordinal);
                // So already: nothing changes.
                Assert.InRange(await Wait.For(performance.Control.SetLiveAsync("t1", isLive: false)), 0, 10 * Performance.Block);
                await performance.PlayAsync(10);
            },
            graph);
        await Performance.PerformAsync(
            0,
            null,
            async performance =>
            {
                await performance.PlayAsync(10);
                var inserted = await Assert.ThrowsAsync<GraphException>(() => performance.Control.SetLiveAsync("t1", isLive: false));
                Assert.Contains("inserts", inserted.Message, StringComparison.Ordinal);
                await performance.PlayAsync(10);
            },
            graph with
            {
                Channels = [.. graph.Channels.Select((channel, at) => at != 1 ? channel : channel with { IsLive = true, InsertFrames = 4_000, Nodes = [FakeProcessors.Plain("i", cost: 20) with { IsLatencyTolerant = true }] })],
            });
    }
}
