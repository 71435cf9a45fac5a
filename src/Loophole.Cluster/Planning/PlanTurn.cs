using System.Collections.Immutable;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Planning;

/// <summary>What becomes of the subgraphs of a plan when something else comes to be live while it plays. A pure function. [any]</summary>
/// <remarks>What was rendered ahead stays where it is, as far as it is not live now; what is not live any more is rendered ahead by the host. No subgraph comes to wait for another in a circle:
/// all that hears what is live is live, so what leaves a subgraph is heard by none of those that stay.</remarks>
internal sealed class PlanTurn
{
    /// <param name="plan">The plan: that of <paramref name="placed"/> but for what is live; inserts are the same.</param>
    /// <param name="placed">The subgraphs so far.</param>
    /// <param name="host">The node of the host.</param>
    /// <param name="name">Begins the ids of subgraphs that there were not before.</param>
    public PlanTurn(GlobalPlan plan, ImmutableArray<PlacedSubgraph> placed, NodeId host, string name)
    {
        var paces = SubgraphCutter.PacesOf(plan);
        var at = plan.Steps.Select((step, index) => (step.Id, index)).ToDictionary(step => step.Id, step => step.index);
        var ahead = Enumerable.Range(0, paces.Length).Where(step => paces[step] == RenderPace.Ahead).ToHashSet();
        var groups = ImmutableArray.CreateBuilder<StepGroup>();
        var before = new Dictionary<string, PlacedSubgraph>();
        foreach (var subgraph in placed.Where(subgraph => subgraph.Pace != RenderPace.Live))
        {
            ImmutableArray<int> left = [.. subgraph.Plan.Steps.Select(step => at[step.Id]).Where(step => subgraph.Pace == RenderPace.Insert || ahead.Remove(step))];
            if (!left.IsEmpty)
            {
                var id = $"{name}:{groups.Count}";
                before.Add(id, subgraph);
                groups.Add(new StepGroup(id, subgraph.Node, subgraph.Pace, left));
            }
        }

        if (ahead.Count > 0)
        {
            groups.Add(new StepGroup($"{name}:leaving", host, RenderPace.Ahead, [.. ahead.Order()]));
        }

        if (paces.Contains(RenderPace.Live))
        {
            groups.Add(new StepGroup($"{name}:live", host, RenderPace.Live, [.. Enumerable.Range(0, paces.Length).Where(step => paces[step] == RenderPace.Live)]));
        }

        var cut = SubgraphCutter.Assemble(plan, groups.ToImmutable(), placed[0].Plan.BlockFrames);
        Subgraphs = [.. cut.Select(subgraph => before.TryGetValue(subgraph.Plan.Id, out var same) && IsAsBefore(subgraph, same) ? same : subgraph)];
        Retired = [.. placed.Where(subgraph => subgraph.Pace != RenderPace.Live && !Subgraphs.Contains(subgraph))];
        Successors = [.. Subgraphs.Where(subgraph => before.ContainsKey(subgraph.Plan.Id)).Select(subgraph => (subgraph, before[subgraph.Plan.Id].Plan.Id))];
        Leaving = ahead.Count > 0 ? Subgraphs.Single(subgraph => subgraph.Plan.Id == $"{name}:leaving") : null;
        Live = Subgraphs.SingleOrDefault(subgraph => subgraph.Pace == RenderPace.Live);
    }

    /// <summary>All subgraphs from now on, each after those it reads from; those that are as they were are the same objects.</summary>
    public ImmutableArray<PlacedSubgraph> Subgraphs { get; }

    /// <summary>What is live now, or <see langword="null"/>.</summary>
    public PlacedSubgraph? Live { get; }

    /// <summary>What was live and is rendered ahead now, or <see langword="null"/>.</summary>
    public PlacedSubgraph? Leaving { get; }

    /// <summary>Subgraphs that there are no more.</summary>
    public ImmutableArray<PlacedSubgraph> Retired { get; }

    /// <summary>What is left of retired ones, and the ids of these.</summary>
    public ImmutableArray<(PlacedSubgraph Subgraph, string Before)> Successors { get; }

    private static bool IsAsBefore(PlacedSubgraph subgraph, PlacedSubgraph before) =>
        subgraph.Plan.Steps.Length == before.Plan.Steps.Length && subgraph.Plan.Outputs.SequenceEqual(before.Plan.Outputs);
}
