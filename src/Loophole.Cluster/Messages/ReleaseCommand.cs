using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary><c>rendering.release</c> (host only): take subgraphs that are rendered ahead from their nodes while it plays. What they have made stays; others go on from what they have come to, which is the
/// answer (<c>rendering.place</c>).</summary>
/// <param name="SubgraphIds">The subgraphs, each once.</param>
internal sealed record ReleaseCommand(ImmutableArray<string> SubgraphIds);
