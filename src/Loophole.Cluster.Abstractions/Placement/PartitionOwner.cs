using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Placement;

/// <summary>Where a unit runs.</summary>
/// <param name="Node">The Signal.</param>
/// <param name="Worker">Which of its render threads, 0 to <see cref="PartitionNode.Workers"/> − 1. Units of one worker share a renderer.</param>
public readonly record struct PartitionOwner(NodeId Node, int Worker);
