using System.Runtime.InteropServices;
using Loophole.Cluster.Graph;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.TestKit.Simulation;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Live;

/// <summary>How long the way to an insert and back may take, on a clock that stands until everything has settled.</summary>
public sealed class InsertJitterTests
{
    private const int BudgetBlocks = 6;
    private const int Blocks = 150;
    private const int PositionBlocks = 5;
    private const int Lead = 10 * Stage.DeviceBlock;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private static readonly AudioGraph Graph = Stage.InsertGraph(BudgetBlocks * Stage.DeviceBlock, FakeProcessors.Plain("before"), FakeProcessors.Plain("insert") with { IsLatencyTolerant = true });

    // In milliseconds; a block lasts 10.
    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(20, 20, 20, 20)]
    [InlineData(0, 20, 0, 20)]
    [InlineData(40, 40, 0, 0)]
    [InlineData(0, 0, 0, 40)]
    [InlineData(30, 30, 20, 20)]
    public async Task A_round_trip_below_the_budget_less_a_block_is_not_heard(int leastThere, int mostThere, int leastBack, int mostBack)
    {
        var (result, heard) = await PlayAsync(leastThere, mostThere, leastBack, mostBack);
        Assert.Equal((0L, 0L), (result.LateBlocks, result.MissingFrames));
        Assert.Equal(await Studio.ReferenceAsync(Studio.Request(result.Frames, graph: Graph)), heard);
    }

    [Fact]
    public async Task A_longer_one_is_late_and_counted()
    {
        var (result, _) = await PlayAsync(40, 40, 30, 30);
        // The first blocks hear what came before the delay began.
        Assert.Equal(Blocks - BudgetBlocks, result.LateBlocks);
    }

    private static async Task<(PlayResult Result, float[] Heard)> PlayAsync(int leastThere, int mostThere, int leastBack, int mostBack)
    {
        var time = new ManualTimeProvider();
        await using var network = new SimulatedNetwork(timeProvider: time);
        LinkWatch atHost = null!, atSatellite = null!;
        var host = new WatchedTransport(network.Place("host"), link => atHost = new LinkWatch(link, time));
        var satellite = new WatchedTransport(network.Place("satellite"), link => atSatellite = new LinkWatch(link, time));
        await using var stage = await Stage.StartAsync(Stage.Request(Lead, graph: Graph), network, host, satellite, static role => new Uri($"sim://{role}:1"), static endPoint => endPoint, time);
        network.Link("host", "satellite").Conditions = Delay(leastThere, mostThere);
        network.Link("satellite", "host").Conditions = Delay(leastBack, mostBack);
        // All before the first frame that is heard was answered before it was heard.
        var first = BudgetBlocks * (long)Stage.DeviceBlock;
        for (var block = 0; block < Blocks; block++)
        {
            // What was made has left; what left long enough ago was answered; what was answered long enough ago is here.
            await Wait.Until(() => atHost.Sent >= MadeBefore(block), $"what the callback made before block {block}");
            await Wait.Until(() => atSatellite.Sent >= MadeBefore(block - Steps(mostThere)), $"what was answered before block {block}");
            await Wait.Until(() => atHost.Received >= MadeBefore(block - Steps(mostThere) - Steps(mostBack)), $"what came back before block {block}");
            // The satellite may render as far as it is allowed to from here.
            await Wait.Until(() => atHost.HorizonAt(time.GetTimestamp()) >= (block * (long)Stage.DeviceBlock) + Lead, $"the horizon from block {block} on");
            // Pulse knows where it plays, and has told what comes; it is told three times in ten blocks.
            await Wait.Until(() => stage.Last!.RenderFrame >= (block - PositionBlocks) * (long)Stage.DeviceBlock, $"a position not long before block {block}");
            stage.Device.Call(1);
            time.Advance(Step);
        }

        var result = await stage.StopAsync();
        return (result, [.. CollectionsMarshal.AsSpan(stage.Device.Heard)]);

        long MadeBefore(int block) => first + (Math.Max(0, block) * (long)Stage.DeviceBlock);
    }

    private static int Steps(int milliseconds) => milliseconds / 10;

    private static LinkConditions Delay(int least, int most) => new() { Delay = DelayDistribution.Uniform(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most)) };
}
