using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Placement;

/// <summary>Something that was not possible.</summary>
/// <param name="UnitId">The unit concerned, or <see langword="null"/> for every one.</param>
/// <param name="Node">The node that cannot have it, or <see langword="null"/> for one that is not there, or for all of them.</param>
/// <param name="Reason">Why, in words.</param>
public readonly record struct PlacementRefusal(string? UnitId, NodeId? Node, string Reason);
