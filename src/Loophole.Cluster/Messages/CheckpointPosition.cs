namespace Loophole.Cluster.Messages;

/// <summary>The newest checkpoint of a subgraph.</summary>
/// <param name="SubgraphId">The subgraph.</param>
/// <param name="Frame">Render frame; 0 when there is none yet.</param>
internal sealed record CheckpointPosition(string SubgraphId, long Frame);
