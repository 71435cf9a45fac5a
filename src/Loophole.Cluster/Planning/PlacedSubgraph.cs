using System.Collections.Immutable;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Planning;

/// <summary>A subgraph and where it runs.</summary>
/// <param name="Plan">What is rendered.</param>
/// <param name="Node">The Signal.</param>
/// <param name="Cost">Expected cost, relative.</param>
/// <param name="ChannelIds">The Channels in it, for reports.</param>
/// <param name="IsLive">Whether it is rendered in the audio callback. There is at most one such, it reads from others only, and it makes the output.</param>
public sealed record PlacedSubgraph(SubgraphPlan Plan, NodeId Node, double Cost, ImmutableArray<string> ChannelIds, bool IsLive);
