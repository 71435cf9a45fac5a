namespace Loophole.Cluster.Messages;

/// <summary><c>cluster.subgraphFailed</c>: a Signal could not go on with a subgraph.</summary>
internal sealed record SubgraphFailed(string SubgraphId, int Epoch, string Message);
