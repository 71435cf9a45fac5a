using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Placement;

/// <summary>A Signal that can be given work.</summary>
/// <param name="Id">The node.</param>
/// <param name="Workers">Render threads it offers, 1 or more; each runs a subgraph of its own.</param>
/// <param name="IsHost">Whether it is the host.</param>
public readonly record struct PartitionNode(NodeId Id, int Workers, bool IsHost);
