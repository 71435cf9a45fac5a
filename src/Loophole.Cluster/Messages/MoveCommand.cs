using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.move</c> (host only): subgraphs go on under new assignments; send each its checkpoint and its inputs from there on.</summary>
/// <param name="Routes">Their routes, with stream numbers larger than any before.</param>
internal sealed record MoveCommand(ImmutableArray<SubgraphRoute> Routes);
