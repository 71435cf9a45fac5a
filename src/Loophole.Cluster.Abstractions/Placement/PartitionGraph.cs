using System.Collections.Immutable;

namespace Loophole.Cluster.Placement;

/// <summary>The global plan as the partitioner sees it: acyclic, in topological order (every edge goes to a higher index).</summary>
/// <param name="Units">The units, by index.</param>
/// <param name="Edges">The signals between them.</param>
public sealed record PartitionGraph(ImmutableArray<PartitionUnit> Units, ImmutableArray<PartitionEdge> Edges);
