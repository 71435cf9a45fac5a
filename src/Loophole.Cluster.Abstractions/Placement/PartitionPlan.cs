using System.Collections.Immutable;

namespace Loophole.Cluster.Placement;

/// <summary>Where every unit runs.</summary>
/// <param name="Owners">By unit index; as many as the graph has units.</param>
public sealed record PartitionPlan(ImmutableArray<PartitionOwner> Owners);
