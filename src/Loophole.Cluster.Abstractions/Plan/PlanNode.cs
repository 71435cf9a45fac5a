using Loophole.Cluster.Graph;

namespace Loophole.Cluster.Plan;

/// <summary>A Node in a <see cref="ChannelStep"/>.</summary>
/// <param name="Node">What it is.</param>
/// <param name="UpstreamLatencyFrames">Latency of everything before it: the node meets what belongs to render frame f at render frame f + this.</param>
/// <param name="Tap">The signal made, when the node is a send; otherwise <see langword="null"/>.</param>
public sealed record PlanNode(GraphNode Node, int UpstreamLatencyFrames, PlanSignal? Tap = null);
