namespace Loophole.Cluster.Messages;

/// <summary>What a subgraph did on a Signal.</summary>
/// <param name="SubgraphId">The subgraph.</param>
/// <param name="Blocks">Blocks rendered here.</param>
/// <param name="Frames">Frames rendered here.</param>
/// <param name="RenderSeconds">Time spent rendering them.</param>
/// <param name="IsInsert">Whether what is live waits for it.</param>
internal sealed record SubgraphTelemetry(string SubgraphId, long Blocks, long Frames, double RenderSeconds, bool IsInsert = false);
