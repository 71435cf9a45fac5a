using System.Collections.Immutable;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Placement;

/// <summary>A plan that is in force, as the next one is measured against it.</summary>
/// <param name="Policy">What it was made by.</param>
/// <param name="Owners">Where each unit runs, by its id.</param>
/// <param name="Loads">The load of each node for which it was made.</param>
public sealed record PreviousPlacement(DistributionPolicy Policy, ImmutableDictionary<string, PartitionOwner> Owners, ImmutableDictionary<NodeId, double> Loads)
{
    /// <summary>What was asked for and came out. [any]</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="plan">What came out.</param>
    /// <returns>The same, for the next request.</returns>
    /// <exception cref="ArgumentException">The plan is not of that request: it has another number of owners than the graph has units.</exception>
    public static PreviousPlacement Of(PartitionRequest request, PartitionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfNotEqual(plan.Owners.Length, request.Graph.Units.Length, nameof(plan));
        return new PreviousPlacement(
            request.Policy,
            request.Graph.Units.Zip(plan.Owners).ToImmutableDictionary(placed => placed.First.Id, placed => placed.Second),
            plan.Loads.ToImmutableDictionary(load => load.Node, load => load.Load));
    }
}
