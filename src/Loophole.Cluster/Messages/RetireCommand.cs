using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary><c>cluster.retire</c>: stop these subgraphs, as far as they are deployed.</summary>
/// <param name="SubgraphIds">The subgraphs.</param>
internal sealed record RetireCommand(ImmutableArray<string> SubgraphIds);
