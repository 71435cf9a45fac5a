using System.Collections.Immutable;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Planning;

public sealed class PlanTurnTests
{
    private static readonly NodeId Host = new(Guid.NewGuid());
    private static readonly ImmutableArray<PartitionNode> Nodes = [new(Host, 1, true), new(new NodeId(Guid.NewGuid()), 1, false), new(new NodeId(Guid.NewGuid()), 1, false)];

    [Fact]
    public void After_any_turns_every_step_is_in_one_subgraph_after_all_that_it_reads()
    {
        var (retired, successors, leaving, kept) = (0, 0, 0, 0);
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var graph = RandomGraph.Make(random, most: 24);
            var planner = new GraphPlanner(new FakeProcessors());
            var first = planner.Plan(graph);
            var placed = SubgraphCutter.Cut(first, new ChannelPartitioner().Partition(new PartitionRequest { Graph = first.ToPartitionGraph(), Nodes = Nodes }), 64);
            for (var turns = 0; turns < 6; turns++)
            {
                graph = graph with { Channels = [.. graph.Channels.Select(channel => channel with { IsLive = random.Next(4) == 0 })] };
                var plan = planner.Plan(graph);
                var turn = new PlanTurn(plan, placed, Host, $"turn:{turns}");
                Check(plan, placed, turn);
                (retired, successors) = (retired + turn.Retired.Length, successors + turn.Successors.Length);
                leaving += turn.Leaving is null ? 0 : 1;
                kept += turn.Subgraphs.Count(placed.Contains);
                placed = turn.Subgraphs;
            }
        }

        Assert.All([retired, successors, leaving, kept], count => Assert.InRange(count, 100, int.MaxValue));
    }

    private static void Check(GlobalPlan plan, ImmutableArray<PlacedSubgraph> placed, PlanTurn turn)
    {
        var paces = plan.Paces.IsEmpty ? new RenderPace[plan.Steps.Length] : [.. plan.Paces];
        Assert.Equal(plan.Steps.Select(step => step.Id).Order(), turn.Subgraphs.SelectMany(subgraph => subgraph.Plan.Steps).Select(step => step.Id).Order());
        Assert.Equal(turn.Subgraphs.Length, turn.Subgraphs.DistinctBy(subgraph => subgraph.Plan.Id).Count());
        Assert.Equal(plan.Steps.Where((_, step) => paces[step] == RenderPace.Live).Select(step => step.Id), turn.Live?.Plan.Steps.Select(step => step.Id) ?? []);
        Assert.Single(turn.Subgraphs, subgraph => subgraph.Plan.Outputs.Any(signal => signal.Id == plan.Output.Id));
        var before = placed.SelectMany(subgraph => subgraph.Plan.Steps.Select(step => (step.Id, subgraph.Node, subgraph.Pace))).ToDictionary(step => step.Id);
        var made = new HashSet<int>();
        // Some order in which each comes after those it reads from.
        for (var left = turn.Subgraphs.ToList(); left.Count > 0;)
        {
            var next = left.First(subgraph => subgraph.Plan.Inputs.All(signal => made.Contains(signal.Id)));
            made.UnionWith(next.Plan.Outputs.Select(signal => signal.Id));
            left.Remove(next);
        }

        foreach (var (step, subgraph) in turn.Subgraphs.SelectMany(subgraph => subgraph.Plan.Steps.Select(step => (step, subgraph))))
        {
            var isWhereItWas = before[step.Id].Pace == RenderPace.Ahead && subgraph.Pace == RenderPace.Ahead;
            Assert.Equal(isWhereItWas ? before[step.Id].Node : Host, subgraph.Node);
            Assert.All(PlanSignals.ReadBy(step), signal => Assert.True(
                subgraph.Plan.Inputs.Any(input => input.Id == signal) || subgraph.Plan.Steps.TakeWhile(other => other != step).SelectMany(PlanSignals.MadeBy).Any(other => other.Id == signal)));
        }

        Assert.All(turn.Retired, subgraph => Assert.DoesNotContain(subgraph, turn.Subgraphs));
        Assert.Equal(turn.Subgraphs.Except(placed), turn.Successors.Select(left => left.Subgraph).Concat(new[] { turn.Leaving, turn.Live }.OfType<PlacedSubgraph>()).Intersect(turn.Subgraphs));
    }
}
