using Loophole.Cluster.Nodes;

namespace Loophole.Cluster;

/// <summary>How far a render is.</summary>
/// <param name="PlayheadFrame">Frames the sink has, of <paramref name="EndFrame"/>.</param>
/// <param name="EndFrame">Render frame after the last one.</param>
/// <param name="Nodes">The Signals and how they are.</param>
public sealed record RenderProgress(long PlayheadFrame, long EndFrame, ClusterSnapshot Nodes);
