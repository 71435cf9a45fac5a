using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Placement;

/// <summary>A Signal that can be given work.</summary>
/// <param name="Id">The node.</param>
/// <param name="Workers">Render threads it offers, each with subgraphs of its own; 1 or more, or 0 for a host that keeps only what nobody else may run.</param>
/// <param name="IsHost">Whether it is the host.</param>
public readonly record struct PartitionNode(NodeId Id, int Workers, bool IsHost);
