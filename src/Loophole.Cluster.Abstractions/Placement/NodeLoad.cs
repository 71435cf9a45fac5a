using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Placement;

/// <summary>What a node has to do by a plan.</summary>
/// <param name="Node">The node.</param>
/// <param name="Load">Part of its workers' time, what it sends and receives included; more than 1 cannot be kept up with.</param>
/// <param name="Units">Units it runs.</param>
/// <param name="MemoryBytes">Memory they take.</param>
/// <param name="AudioChannels">Audio channels that cross its links, in both directions.</param>
public readonly record struct NodeLoad(NodeId Node, double Load, int Units, long MemoryBytes, int AudioChannels);
