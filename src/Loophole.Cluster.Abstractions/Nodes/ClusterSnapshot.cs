using System.Collections.Immutable;

namespace Loophole.Cluster.Nodes;

/// <summary>The cluster at one version. Immutable; compare versions, not contents.</summary>
/// <param name="Version">Grows by one with each change, never goes back.</param>
/// <param name="Nodes">Every Signal that has registered, in the order of registration.</param>
public sealed record ClusterSnapshot(long Version, ImmutableArray<ClusterNode> Nodes);
