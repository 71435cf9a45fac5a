namespace Loophole.Cluster.Discovery;

/// <summary>A change among the nodes that are looked for. Immutable.</summary>
/// <param name="Change">What became of the node.</param>
/// <param name="Node">The node, as it is now; as it was last when it is gone. <see cref="DiscoveredNode.Name"/> and <see cref="DiscoveredNode.Id"/> together
/// say which one: they are the same in all sightings of a node.</param>
/// <param name="Reason">Why it is gone; <see cref="NodeGoneReason.None"/> otherwise.</param>
public sealed record NodeSighting(NodeChange Change, DiscoveredNode Node, NodeGoneReason Reason = NodeGoneReason.None);
