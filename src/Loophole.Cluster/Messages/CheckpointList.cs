using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary>From where each subgraph can go on when it is lost now.</summary>
internal sealed record CheckpointList(ImmutableArray<CheckpointPosition> Subgraphs);
