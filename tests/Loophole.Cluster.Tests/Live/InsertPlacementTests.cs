using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.TestKit.Simulation;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Live;

/// <summary>Who is too far away for what is live is given nothing of it.</summary>
public sealed class InsertPlacementTests
{
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(40);

    // It is 80 ms away. Until it was asked, nobody knows.
    [Theory]
    [InlineData(79, true, false)]
    [InlineData(80, true, true)]
    [InlineData(79, false, true)]
    public async Task An_insert_goes_to_who_can_answer_within_its_budget(int budgetMilliseconds, bool isAsked, bool isAway)
    {
        var time = new ManualTimeProvider();
        await using var network = new SimulatedNetwork(new SimulatedNetworkOptions { TraceCapacity = 10_000 }, timeProvider: time);
        var graph = Stage.InsertGraph(budgetMilliseconds * 48, FakeProcessors.Plain("insert", cost: 100) with { IsLatencyTolerant = true });
        await using var stage = await Stage.StartAsync(
            Stage.Request(lead: 10 * Stage.DeviceBlock, graph: graph), network.Place("pulse"), network.Place("host"), network.Place("satellite"), static role => new Uri($"sim://{role}:1"), static endPoint => endPoint, time, new ChannelPartitioner(), isAsked ? AskAsync : null);
        var result = await stage.StopAsync();
        Assert.Equal(isAway ? 1 : 0, result.Nodes.Single(node => node.Name == $"{NodeRole.Satellite}").Subgraphs);
        Assert.Equal(isAway ? 0 : 1, result.Objections.Count(objection => objection.Contains($"\"insert:track:0\": it may be away for {budgetMilliseconds} ms, and Satellite is 80 ms away", StringComparison.Ordinal)));

        async Task AskAsync(IClusterRegistry registry)
        {
            Delay(OneWay);
            await AdvanceUntilSentAsync("pulse", "satellite", TimeSpan.FromSeconds(1));
            await AdvanceUntilSentAsync("satellite", "pulse", OneWay);
            time.Advance(OneWay);
            await Wait.Until(() => registry.Current.Nodes.Single(node => node.Description.Role == NodeRole.Satellite).Telemetry is not null, "how far away the satellite is");
            Delay(TimeSpan.Zero);
        }

        async Task AdvanceUntilSentAsync(string from, string to, TimeSpan by)
        {
            var before = Sent();
            time.Advance(by);
            await Wait.Until(() => Sent() > before, $"something from {from} to {to}");

            int Sent() => network.Trace.Count(entry => (entry.From, entry.To, entry.Event) == (from, to, TraceEvent.Sent));
        }

        void Delay(TimeSpan oneWay) => network.Link("pulse", "satellite").Conditions = network.Link("satellite", "pulse").Conditions = new LinkConditions { Delay = DelayDistribution.Uniform(oneWay, oneWay) };
    }
}
