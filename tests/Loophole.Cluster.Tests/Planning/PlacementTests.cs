using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Planning;

public sealed class PlacementTests
{
    private static readonly ImmutableArray<NodeId> Ids = [.. Enumerable.Range(1, 4).Select(n => new NodeId(new Guid(n, 0, 0, new byte[8])))];

    [Fact]
    public void Any_placement_is_cut_into_subgraphs_that_never_wait_for_each_other()
    {
        const int Seed = 99;
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}");
        var random = new Random(Seed);
        var several = 0;
        for (var round = 0; round < 700; round++)
        {
            var plan = new GraphPlanner(new FakeProcessors()).Plan(RandomGraph.Make(random, most: 24));
            var owners = plan.Steps.Select(_ => new PartitionOwner(Ids[random.Next(3)], random.Next(2))).ToImmutableArray();
            var subgraphs = SubgraphCutter.Cut(plan, new PartitionPlan(owners), 256);
            several += subgraphs.Length > 4 ? 1 : 0;

            Assert.Equal(plan.Steps.Order(ById), subgraphs.SelectMany(subgraph => subgraph.Plan.Steps).Order(ById));
            var maker = plan.Steps.SelectMany(step => PlanSignals.MadeBy(step).Select(signal => (signal.Id, Step: step.Id))).ToDictionary(x => x.Id, x => x.Step);
            var home = subgraphs.SelectMany((subgraph, at) => subgraph.Plan.Steps.Select(step => (step.Id, at))).ToDictionary(x => x.Id, x => x.at);
            for (var at = 0; at < subgraphs.Length; at++)
            {
                var subgraph = subgraphs[at];
                Assert.All(subgraph.Plan.Steps, step => Assert.Equal(subgraph.Node, owners[plan.Steps.IndexOf(step)].Node));
                Assert.NotEmpty(subgraph.Plan.Outputs);
                Assert.All(subgraph.Plan.Inputs, signal => Assert.True(home[maker[signal.Id]] < at, "An input comes from an earlier subgraph."));
                var reads = subgraph.Plan.Steps.SelectMany(PlanSignals.ReadBy).Where(signal => home[maker[signal]] != at).Distinct().Order();
                Assert.Equal(reads, subgraph.Plan.Inputs.Select(signal => signal.Id));
                Assert.All(subgraph.Plan.Inputs, signal => Assert.Contains(signal, subgraphs[home[maker[signal.Id]]].Plan.Outputs));
                Assert.All(subgraph.Plan.Outputs, signal => Assert.True(
                    signal == plan.Output || subgraphs.Any(reader => reader != subgraph && reader.Plan.Inputs.Contains(signal)), "An output has a reader."));
            }

            Assert.Contains(plan.Output, subgraphs[home[maker[plan.Output.Id]]].Plan.Outputs);
        }

        Assert.True(several > 300, $"Only {several} cuts had more than four subgraphs.");
    }

    [Fact]
    public void What_is_live_is_one_subgraph_that_only_inserts_read_from_wherever_the_rest_runs()
    {
        const int Seed = 98;
        TestContext.Current.SendDiagnosticMessage($"seed {Seed}");
        var random = new Random(Seed);
        var (live, inserts, away) = (0, 0, 0);
        for (var round = 0; round < 700; round++)
        {
            var graph = RandomGraph.Make(random, most: 24);
            graph = graph with { Channels = [.. graph.Channels.Select(Enliven)] };
            var planner = new GraphPlanner(new FakeProcessors());
            var plan = planner.Plan(graph);
            var placement = Place(plan, DistributionPolicy.Balanced, new(Ids[0], 1, true), new(Ids[1], 2, false), new(Ids[2], 1, false));
            var subgraphs = SubgraphCutter.Cut(plan, placement, 256);
            bool IsLive(ChannelStep step) => graph.Channels.First(channel => channel.Id == step.ChannelId) is var channel && (channel.IsLive || channel.Input is not null);
            var reached = plan.Steps.OfType<ChannelStep>().Any(IsLive);
            Assert.Equal(reached ? 1 : 0, subgraphs.Count(subgraph => subgraph.Pace == RenderPace.Live));
            var offline = planner.PlanOffline(graph);
            Assert.Equal(plan.LatencyFrames, offline.LatencyFrames);
            Assert.Empty(offline.Paces);
            if (!reached)
            {
                continue;
            }

            live++;
            var cohort = subgraphs.Single(subgraph => subgraph.Pace == RenderPace.Live);
            var behind = subgraphs.Where(subgraph => subgraph.Pace == RenderPace.Insert).ToArray();
            Assert.Equal(behind, subgraphs[(subgraphs.IndexOf(cohort) + 1)..]);
            Assert.Equal(Ids[0], cohort.Node);
            Assert.Equal(behind.SelectMany(subgraph => subgraph.Plan.Inputs).Append(plan.Output).ToHashSet(), [.. cohort.Plan.Outputs]);
            Assert.Equal(plan.Returns.Select(heard => heard.SourceId).ToHashSet(), [.. behind.SelectMany(subgraph => subgraph.Plan.Outputs).Select(signal => signal.Id)]);
            Assert.All(plan.Inputs.Select(input => input.Signal).Concat(plan.Returns.Select(heard => heard.Signal)), signal => Assert.Contains(signal, cohort.Plan.Inputs));
            Assert.All(subgraphs.Where(subgraph => subgraph.Pace == RenderPace.Ahead), subgraph => Assert.DoesNotContain(subgraph.Plan.Inputs, cohort.Plan.Outputs.Contains));
            Assert.All(
                plan.Steps.OfType<ChannelStep>().Where(step => IsLive(step) && step.Id.Split(':')[0] is not "clips" and not "insert"),
                step => Assert.Contains(step, cohort.Plan.Steps));
            inserts += behind.Length;
            away += behind.Count(subgraph => subgraph.Node != Ids[0]);
        }

        Assert.InRange(live, 300, 690);
        Assert.True(inserts > 100 && away > 50, $"{inserts} inserts, {away} away");

        Channel Enliven(Channel channel) => channel with
        {
            IsLive = random.Next(6) == 0,
            Input = random.Next(8) == 0 ? new ChannelInput { DeviceChannels = [random.Next(4)] } : null,
            InsertFrames = random.Next(2) * 300,
            Nodes = [.. channel.Nodes.Select(node => node is ProcessorNode or StackNode ? node with { IsLatencyTolerant = random.Next(3) == 0 } : node)],
        };
    }

    [Fact]
    public void One_node_with_one_worker_makes_one_subgraph()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var plan = new GraphPlanner(new FakeProcessors()).Plan(RandomGraph.Make(random));
            var placed = Place(plan, DistributionPolicy.Balanced, new PartitionNode(Ids[0], 1, true));
            var subgraph = Assert.Single(SubgraphCutter.Cut(plan, placed, 64));
            Assert.Empty(subgraph.Plan.Inputs);
            Assert.Equal([plan.Output], subgraph.Plan.Outputs);
        }
    }

    [Fact]
    public void Equal_tracks_are_shared_evenly_and_cross_as_partial_sums()
    {
        var plan = new GraphPlanner(new FakeProcessors()).Plan(RandomGraph.Bus(64));
        var placed = Place(plan, DistributionPolicy.AggressiveOffload, new(Ids[0], 1, true), new(Ids[1], 1, false), new(Ids[2], 1, false));
        var subgraphs = SubgraphCutter.Cut(plan, placed, 256);
        var (one, two) = (Cost(1), Cost(2));
        var crossing = subgraphs.SelectMany(subgraph => subgraph.Plan.Inputs).Count();
        TestContext.Current.SendDiagnosticMessage($"costs {Cost(0)} on the host, {one} and {two} on satellites; {crossing} signals cross");
        Assert.InRange(one / two, 0.75, 1.25);
        Assert.InRange(crossing, 1, 16);
        Assert.True(Cost(0) < one / 4, "The host keeps only what joins the others' work.");

        double Cost(int node) => subgraphs.Where(subgraph => subgraph.Node == Ids[node]).Sum(subgraph => subgraph.Work.Sum(part => part.Cost));
    }

    private static PartitionPlan Place(GlobalPlan plan, DistributionPolicy policy, params ImmutableArray<PartitionNode> nodes) =>
        new ChannelPartitioner().Partition(new PartitionRequest { Graph = plan.ToPartitionGraph(), Nodes = nodes, Policy = policy });

    private static Comparer<PlanStep> ById { get; } = Comparer<PlanStep>.Create((a, b) => string.CompareOrdinal(a.Id, b.Id));
}
