namespace Loophole.Cluster.Messages;

/// <summary>A subgraph that was behind although all that it needs was there.</summary>
/// <param name="SubgraphId">The subgraph.</param>
/// <param name="Node">The Signal that had it then (<c>NodeId</c>).</param>
internal sealed record LateSubgraph(string SubgraphId, Guid Node);
