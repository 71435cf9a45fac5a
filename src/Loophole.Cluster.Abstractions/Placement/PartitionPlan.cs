using System.Collections.Immutable;

namespace Loophole.Cluster.Placement;

/// <summary>Where every unit runs, and why.</summary>
/// <param name="Owners">By unit index; as many as the graph has units.</param>
public sealed record PartitionPlan(ImmutableArray<PartitionOwner> Owners)
{
    /// <summary>Why each unit runs where it does, in words; by unit index. Empty from a partitioner that gives no reasons.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>What each node has to do, in the order in which the nodes were listed. Empty from a partitioner that does not estimate it.</summary>
    public ImmutableArray<NodeLoad> Loads { get; init; } = [];

    /// <summary>What was not possible: nodes that are given nothing, and units that may not go everywhere or not where they were wanted.</summary>
    public ImmutableArray<PlacementRefusal> Refusals { get; init; } = [];

    /// <summary>Whether the satellite with the most to do can be lost, and the others have the capacity for its work; <see langword="true"/> when no satellite has anything to do.</summary>
    public bool HasReserve { get; init; }
}
