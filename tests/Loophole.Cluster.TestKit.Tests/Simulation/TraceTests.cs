using System.Collections.Immutable;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.TestKit.Simulation;

namespace Loophole.Cluster.TestKit.Tests.Simulation;

/// <summary>The same seed and the same calls are the same history.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task The_same_seed_and_calls_give_the_same_trace()
    {
        var first = await RunAsync(11);
        Assert.True(first.Length > 1000, $"The trace has {first.Length} entries only.");
        Assert.Equal(first, await RunAsync(11));
        Assert.NotEqual(first, await RunAsync(12));
    }

    [Fact]
    public async Task Nothing_arrives_unless_the_clock_moves()
    {
        await using var scene = await SimScene.StartAsync();
        scene.There.Conditions = new LinkConditions { Delay = DelayDistribution.Constant(TimeSpan.FromTicks(1)) };
        var before = scene.Network.Trace.Length;
        scene.Send(1, 2, 3);
        scene.Clock.Advance(TimeSpan.Zero);
        Assert.Equal([TraceEvent.Sent], scene.Network.Trace.Skip(before).Select(e => e.Event));
        scene.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([TraceEvent.Sent, TraceEvent.Arrived], scene.Network.Trace.Skip(before).Select(e => e.Event));
        Assert.Equal(3, scene.Network.Trace[^1].Number);
    }

    private static async Task<ImmutableArray<TraceEntry>> RunAsync(int seed)
    {
        await using var scene = await SimScene.StartAsync(new SimulatedNetworkOptions { Seed = seed });
        scene.There.Conditions = new LinkConditions
        {
            Delay = DelayDistribution.Normal(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(2), TimeSpan.Zero, TimeSpan.FromMilliseconds(20)),
            BytesPerSecond = 1_000_000,
            LossProbability = 0.02,
            SegmentBytes = 100,
        };
        scene.There.Run(new FaultScript(
            FaultStep.At(TimeSpan.FromMilliseconds(30), Fault.Stall(TimeSpan.FromMilliseconds(10))),
            FaultStep.AfterBytes(5000, Fault.Corrupt(1))));
        for (var i = 0; i < 300; i++)
        {
            scene.Send(new byte[1 + (i * 37 % 400)]);
            scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
            scene.Take();
        }

        scene.Clock.Advance(TimeSpan.FromSeconds(10));
        return scene.Network.Trace;
    }
}
