using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary>Answer to <c>cluster.telemetry</c>.</summary>
/// <param name="Subgraphs">What each subgraph deployed did.</param>
/// <param name="PeakMemoryBytes">The most memory the process has held.</param>
internal sealed record TelemetryReport(ImmutableArray<SubgraphTelemetry> Subgraphs, long PeakMemoryBytes);
