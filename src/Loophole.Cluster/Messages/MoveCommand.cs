namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.move</c> (host only): a subgraph now runs elsewhere; send it its checkpoint and its inputs from there on.</summary>
internal sealed record MoveCommand(SubgraphRoute Route);
