using System.Collections.Immutable;
using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Planning;

/// <summary>What becomes of the subgraphs of a plan when its steps are to run elsewhere while it plays. A pure function. [any]</summary>
/// <remarks>Subgraphs are divided, and moved, and never joined: each goes on from what one other has come to. What is live, and inserts, stay where they are.</remarks>
internal sealed class PlanReplacement
{
    /// <param name="plan">The plan, of whose steps <paramref name="placed"/> are made.</param>
    /// <param name="placed">The subgraphs so far, where they are.</param>
    /// <param name="placement">Where each step is to run.</param>
    /// <param name="name">Begins the ids of subgraphs that there were not before.</param>
    public PlanReplacement(GlobalPlan plan, ImmutableArray<PlacedSubgraph> placed, PartitionPlan placement, string name)
    {
        var paces = SubgraphCutter.PacesOf(plan);
        var holder = placed.SelectMany((subgraph, at) => subgraph.Plan.Steps.Select(step => (step.Id, at))).ToDictionary(step => step.Id, step => step.at);
        // Nobody shares an owner with a step of another subgraph.
        var owners = plan.Steps.Select((step, index) => holder[step.Id] is var at && paces[index] == RenderPace.Ahead ? new PartitionOwner(placement.Owners[index].Node, at) : new PartitionOwner(placed[at].Node, at));
        var subgraphs = SubgraphCutter.Cut(plan, new PartitionPlan([.. owners]), placed[0].Plan.BlockFrames)
            .Select((subgraph, number) => (Subgraph: subgraph with { Plan = subgraph.Plan with { Id = $"{name}:{number}" } }, Before: placed[holder[subgraph.Plan.Steps[0].Id]]))
            .ToArray();
        Successors = [.. subgraphs.Where(made => made.Before.Pace == RenderPace.Ahead && !IsAsBefore(made.Subgraph, made.Before)).Select(made => (made.Subgraph, made.Before.Plan.Id))];
        var gone = Successors.Select(made => made.Before).ToHashSet();
        Retired = [.. placed.Where(subgraph => gone.Contains(subgraph.Plan.Id))];
    }

    /// <summary>Subgraphs that there are no more.</summary>
    public ImmutableArray<PlacedSubgraph> Retired { get; }

    /// <summary>What they become, each after those it reads from, and the ids of the retired ones.</summary>
    public ImmutableArray<(PlacedSubgraph Subgraph, string Before)> Successors { get; }

    private static bool IsAsBefore(PlacedSubgraph subgraph, PlacedSubgraph before) =>
        subgraph.Node == before.Node
        && subgraph.Plan.Steps.Length == before.Plan.Steps.Length
        && subgraph.Plan.Inputs.SequenceEqual(before.Plan.Inputs)
        && subgraph.Plan.Outputs.SequenceEqual(before.Plan.Outputs);
}
