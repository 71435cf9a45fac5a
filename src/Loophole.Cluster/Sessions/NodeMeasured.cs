using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Sessions;

/// <summary>What a Signal has done since the last report.</summary>
/// <param name="Telemetry">In all.</param>
/// <param name="Subgraphs">By subgraph.</param>
internal sealed record NodeMeasured(NodeTelemetry Telemetry, ImmutableArray<SubgraphTelemetry> Subgraphs);
