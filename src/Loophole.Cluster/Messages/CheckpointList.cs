using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary>From where each subgraph of a lost Signal can go on.</summary>
internal sealed record CheckpointList(ImmutableArray<CheckpointPosition> Subgraphs);
