using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Sessions;

/// <summary>Makes differences of what a Signal counts. One caller at a time.</summary>
/// <param name="workers">Its render threads.</param>
internal sealed class NodeMeter(int workers)
{
    private const int MostSubgraphs = 100_000;

    private Dictionary<string, SubgraphTelemetry> _before = [];

    /// <summary>What it has done since the last report; since it began, with the first.</summary>
    /// <param name="report">What it has counted.</param>
    /// <param name="elapsed">Since the last report.</param>
    /// <param name="roundTrip">How long it took to answer.</param>
    /// <returns><see langword="null"/> when it counts what cannot be: then this report tells nothing, and nothing is kept of it.</returns>
    public NodeMeasured? Next(TelemetryReport report, TimeSpan elapsed, TimeSpan roundTrip)
    {
        if (report.PeakMemoryBytes < 0 || report.Subgraphs.Length > MostSubgraphs || elapsed <= TimeSpan.Zero
            || report.Subgraphs.Any(counts => counts is not { SubgraphId: not null, Blocks: >= 0, Frames: >= 0, RenderSeconds: >= 0 and < 1e9 })
            || report.Subgraphs.DistinctBy(counts => counts.SubgraphId).Count() < report.Subgraphs.Length)
        {
            return null;
        }

        ImmutableArray<SubgraphTelemetry> done = [.. report.Subgraphs.Select(Difference).Where(counts => counts is { Blocks: >= 0, Frames: >= 0, RenderSeconds: >= 0 })];
        _before = report.Subgraphs.ToDictionary(counts => counts.SubgraphId);
        var telemetry = new NodeTelemetry
        {
            RenderLoad = done.Sum(counts => counts.RenderSeconds) / (elapsed.TotalSeconds * workers),
            Blocks = done.Sum(counts => counts.Blocks),
            PeakMemoryBytes = report.PeakMemoryBytes,
            RoundTrip = roundTrip,
        };
        return new NodeMeasured(telemetry, done);
    }

    private SubgraphTelemetry Difference(SubgraphTelemetry now) => _before.TryGetValue(now.SubgraphId, out var before)
        ? now with { Blocks = now.Blocks - before.Blocks, Frames = now.Frames - before.Frames, RenderSeconds = now.RenderSeconds - before.RenderSeconds }
        : now;
}

/// <summary>What a Signal has done since the last report.</summary>
/// <param name="Telemetry">In all.</param>
/// <param name="Subgraphs">By subgraph.</param>
internal sealed record NodeMeasured(NodeTelemetry Telemetry, ImmutableArray<SubgraphTelemetry> Subgraphs);
