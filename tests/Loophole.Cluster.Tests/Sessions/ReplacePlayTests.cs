using Loophole.Cluster.Placement;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Sessions;

/// <summary>Work goes from one node to another while it plays, and nobody hears it.</summary>
public sealed class ReplacePlayTests
{
    /// <summary>LOOPHOLE_PLAY_SEEDS asks for more.</summary>
    public static TheoryData<int> Seeds { get; } = [.. Enumerable.Range(41, int.TryParse(Environment.GetEnvironmentVariable("LOOPHOLE_PLAY_SEEDS"), out var seeds) ? seeds : 2)];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Distribution_is_switched_off_and_on_while_it_plays(int satellites)
    {
        var result = await Performance.PerformAsync(satellites, new LoopRegion(2_000, 9_000), async performance =>
        {
            foreach (var policy in (DistributionPolicy[])[DistributionPolicy.Off, DistributionPolicy.AggressiveOffload, DistributionPolicy.Balanced, DistributionPolicy.AggressiveOffload, DistributionPolicy.Off])
            {
                await performance.PlayAsync(30);
                await performance.ChangeAsync(control => control.DistributeAsync(policy));
            }

            await performance.PlayAsync(30);
        });
        Assert.All(result.Nodes.Skip(1), node => Assert.Equal((0, ""), (node.Subgraphs, node.LostReason)));
        Assert.True(result.Nodes[0].Subgraphs > 1);
        Assert.Equal(0, result.Failovers);
    }

    [Fact]
    public async Task A_satellite_that_comes_while_it_plays_takes_work_and_gives_it_back()
    {
        var (blocks, atHome) = (0, 0);
        var result = await Performance.PerformAsync(
            0,
            null,
            async performance =>
            {
                await performance.PlayAsync(30);
                await performance.JoinAsync(1);
                await performance.ChangeAsync(control => control.DistributeAsync(DistributionPolicy.AggressiveOffload));
                await performance.PlayAsync(60);
                blocks = performance.BlocksOf(1);
                await performance.ChangeAsync(control => control.DistributeAsync(DistributionPolicy.Off));
                await performance.PlayAsync(10);
                atHome = performance.BlocksOf(1);
                await performance.PlayAsync(40);
                Assert.Equal(atHome, performance.BlocksOf(1));
            },
            latecomers: 1);
        Assert.True(blocks > 50, $"The satellite rendered {blocks} blocks.");
        Assert.Equal(0, result.Nodes[1].Subgraphs);
    }

    [Fact]
    public async Task A_satellite_that_comes_is_given_work_without_being_asked_for()
    {
        await Performance.PerformAsync(
            1,
            null,
            async performance =>
            {
                await performance.PlayAsync(20);
                await performance.JoinAsync(2);
                for (var tries = 0; performance.BlocksOf(2) == 0 && tries < 1_000; tries++)
                {
                    await performance.PlayAsync(1);
                }

                Assert.True(performance.BlocksOf(2) > 0, "The satellite was given nothing.");
                await performance.PlayAsync(20);
            },
            latecomers: 1);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_else_is_done_meanwhile_it_sounds_as_it_should(int seed)
    {
        var random = new Random(seed);
        await Performance.PerformAsync(
            2,
            new LoopRegion(1_000, 8_000),
            async performance =>
            {
                for (var round = 0; round < 12; round++)
                {
                    await performance.PlayAsync(random.Next(1, 30));
                    if (random.Next(2) == 0)
                    {
                        await performance.ChangeAsync(control => control.DistributeAsync((DistributionPolicy)random.Next(4)));
                    }
                    else
                    {
                        await performance.ChangeAsync(control => Performance.ChangeSomething(control, random));
                    }
                }

                await performance.PlayAsync(20);
            });
    }

    [Fact]
    public async Task What_is_live_stays_and_what_it_hears_moves()
    {
        var graph = RandomGraph.Bus(9);
        graph = graph with { Channels = [.. graph.Channels.Select((channel, at) => channel with { IsLive = at == 3 })] };
        await Performance.PerformAsync(
            2,
            null,
            async performance =>
            {
                await performance.PlayAsync(30);
                await performance.ChangeAsync(control => control.DistributeAsync(DistributionPolicy.Off));
                await performance.PlayAsync(30);
                await performance.ChangeAsync(control => control.SetLiveAsync("t5", true));
                await performance.PlayAsync(30);
                await performance.ChangeAsync(control => control.DistributeAsync(DistributionPolicy.AggressiveOffload));
                await performance.PlayAsync(30);
                await performance.ChangeAsync(control => control.SetLiveAsync("t5", false));
                await performance.PlayAsync(30);
                await performance.ChangeAsync(control => control.DistributeAsync(DistributionPolicy.Off));
                await performance.PlayAsync(30);
            },
            graph);
    }

    [Fact]
    public async Task A_satellite_that_becomes_slow_loses_work()
    {
        var (before, after) = (0, 0);
        await Performance.PerformAsync(
            2,
            new LoopRegion(1_000, 8_000),
            async performance =>
            {
                // Both as slow as each other, so that it shows in what they count; then one of them much slower.
                performance.Slow(1, TimeSpan.FromMilliseconds(0.2));
                performance.Slow(2, TimeSpan.FromMilliseconds(0.2));
                await performance.ChangeAsync(control => control.DistributeAsync(DistributionPolicy.AggressiveOffload));
                before = await SharesAsync(performance, seconds: 2);
                performance.Slow(1, TimeSpan.FromMilliseconds(4));
                after = await SharesAsync(performance, seconds: 10, until: share => share * 2 < before);
            });
        Assert.True(after * 2 < before, $"Of 100 blocks the slow one rendered {before} before and {after} after.");

        // Of a hundred blocks of both, how many the first one has rendered of late.
        static async Task<int> SharesAsync(Performance performance, int seconds, Func<int, bool>? until = null)
        {
            var (started, share) = (TimeProvider.System.GetTimestamp(), 100);
            while (TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds && until?.Invoke(share) != true)
            {
                var (one, two) = (performance.BlocksOf(1), performance.BlocksOf(2));
                await performance.PlayAsync(40);
                share = 100 * (performance.BlocksOf(1) - one) / Math.Max(1, performance.BlocksOf(1) - one + performance.BlocksOf(2) - two);
            }

            return share;
        }
    }

    [Fact]
    public async Task A_satellite_that_was_lost_comes_again_and_takes_work()
    {
        var (blocks, before) = (0, 0);
        var result = await Performance.PerformAsync(
            1,
            null,
            async performance =>
            {
                await performance.PlayAsync(20);
                performance.Cut(1);
                await performance.PlayAsync(40);
                before = performance.BlocksOf(1);
                await performance.JoinAsync(1);
                for (var tries = 0; performance.BlocksOf(1) == before && tries < 1_000; tries++)
                {
                    await performance.PlayAsync(1);
                }

                await performance.PlayAsync(40);
                blocks = performance.BlocksOf(1) - before;
                Assert.All(performance.Last.Nodes.Nodes, node => Assert.True(node.IsPresent, node.ToString()));
            });
        Assert.True(blocks > 20, $"It has rendered {blocks} blocks since it came again.");
        Assert.Equal(["", ""], result.Nodes.Select(node => node.LostReason));
        Assert.True(result.Failovers > 0);
    }

    [Fact]
    public async Task A_satellite_that_is_lost_after_it_has_taken_work_is_made_up_for()
    {
        var result = await Performance.PerformAsync(
            2,
            null,
            async performance =>
            {
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.DistributeAsync(DistributionPolicy.Off));
                await performance.PlayAsync(20);
                await performance.ChangeAsync(control => control.DistributeAsync(DistributionPolicy.AggressiveOffload));
                await performance.PlayAsync(20);
                performance.Cut(1);
                await performance.PlayAsync(60);
            });
        Assert.NotEqual("", result.Nodes[1].LostReason);
        Assert.True(result.Failovers > 0);
    }
}
