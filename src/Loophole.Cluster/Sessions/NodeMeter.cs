using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Signals;

namespace Loophole.Cluster.Sessions;

/// <summary>Makes differences of what a Signal counts. One caller at a time.</summary>
/// <param name="workers">Its render threads.</param>
internal sealed class NodeMeter(int workers)
{
    private TelemetryReport _last = TelemetryReport.Nothing;
    private Dictionary<string, SubgraphTelemetry> _before = [];
    private bool _hasBegun;

    /// <summary>What it has done since the last report; since it began, with the first, but for processor time, of which the first tells nothing.</summary>
    /// <param name="report">What it has counted.</param>
    /// <param name="elapsed">Since the last report.</param>
    /// <param name="trips">How long it took to answer.</param>
    /// <param name="fault">What it counts that cannot be, or <see langword="null"/>.</param>
    /// <returns><see langword="null"/> when there is a fault: then this report tells nothing, and nothing is kept of it.</returns>
    public NodeMeasured? Next(TelemetryReport report, TimeSpan elapsed, RoundTrips trips, out string? fault)
    {
        fault = report.FindFault() ?? FindReturn(report) ?? (elapsed <= TimeSpan.Zero ? "no time has passed" : null);
        if (fault is not null)
        {
            return null;
        }

        ImmutableArray<SubgraphTelemetry> done = [.. report.Subgraphs.Select(Difference).Where(counts => counts is { Blocks: >= 0, Frames: >= 0, RenderSeconds: >= 0 })];
        var seconds = elapsed.TotalSeconds;
        var telemetry = new NodeTelemetry
        {
            RenderLoad = LoadOf(done, seconds),
            Blocks = done.Sum(counts => counts.Blocks),
            PeakMemoryBytes = report.PeakMemoryBytes,
            RoundTrip = trips.Last,
            Loads = new CohortLoads(
                LoadOf(done.Where(counts => !counts.IsInsert), seconds),
                Math.Max(0, report.CallbackSeconds - _last.CallbackSeconds) / seconds,
                LoadOf(done.Where(counts => counts.IsInsert), seconds)),
            RenderTimes = TimesOf([.. report.BlockTimes.Zip(_last.BlockTimes, (now, before) => now - before)]),
            ProcessorLoad = _hasBegun ? (report.ProcessorSeconds - _last.ProcessorSeconds) / seconds : 0,
            MemoryBytes = report.MemoryBytes,
            RoundTripMedian = trips.Median,
            RoundTripWorst = trips.Worst,
            ClockOffset = trips.ClockOffset,
        };
        (_last, _before, _hasBegun) = (report, report.Subgraphs.ToDictionary(counts => counts.SubgraphId), true);
        return new NodeMeasured(telemetry, done);
    }

    /// <summary>What goes back although it only ever grows. What a device took does, when another one is opened.</summary>
    private string? FindReturn(TelemetryReport report) =>
        report.ProcessorSeconds < _last.ProcessorSeconds ? $"its processor time went back from {_last.ProcessorSeconds} to {report.ProcessorSeconds} s" :
        report.BlockTimes.Zip(_last.BlockTimes).Any(range => range.First < range.Second) ? "its blocks became less" : null;

    private double LoadOf(IEnumerable<SubgraphTelemetry> done, double seconds) => done.Sum(counts => counts.RenderSeconds) / (seconds * workers);

    private SubgraphTelemetry Difference(SubgraphTelemetry now) => _before.TryGetValue(now.SubgraphId, out var before)
        ? now with { Blocks = now.Blocks - before.Blocks, Frames = now.Frames - before.Frames, RenderSeconds = now.RenderSeconds - before.RenderSeconds }
        : now;

    private static RenderTimes? TimesOf(long[] blocks)
    {
        var all = blocks.Sum();
        return all == 0 ? null : new RenderTimes(TimeOf(blocks, (all + 1) / 2), TimeOf(blocks, all - (all / 100)), TimeOf(blocks, all));
    }

    /// <summary>The time that so many of the blocks did not exceed.</summary>
    private static double TimeOf(long[] blocks, long count)
    {
        var range = 0;
        for (var below = blocks[0]; below < count; below += blocks[++range])
        {
        }

        return BlockTimes.EndOf(range);
    }
}
