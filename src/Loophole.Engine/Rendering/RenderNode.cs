using System.Collections.Immutable;
using Loophole.Cluster.Graph;

namespace Loophole.Engine.Rendering;

/// <summary>A compiled Node.</summary>
/// <param name="Node">What it is.</param>
/// <param name="UpstreamLatencyFrames">How far its frames lie behind the render frames.</param>
/// <param name="Parameters">One per parameter, in the descriptor's order.</param>
/// <param name="PlaysNotes">Whether it is an instrument.</param>
/// <param name="Tap">Where a send puts its signal; <see langword="null"/> for everything else.</param>
internal sealed record RenderNode(GraphNode Node, int UpstreamLatencyFrames, ImmutableArray<RenderParameter> Parameters, bool PlaysNotes, SignalSlot? Tap);
