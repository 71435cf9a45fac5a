using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Sessions;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class NodeMeterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void What_was_done_since_the_last_report_is_the_load()
    {
        var meter = new NodeMeter(workers: 2);
        var first = meter.Next(Report(new("a", 10, 1_000, 0.5), new("b", 5, 500, 0.1)), Second, TimeSpan.FromMilliseconds(3))!;
        Assert.Equal((0.3, 15L, 7L, TimeSpan.FromMilliseconds(3)), (Math.Round(first.Telemetry.RenderLoad, 9), first.Telemetry.Blocks, first.Telemetry.PeakMemoryBytes, first.Telemetry.RoundTrip));
        var second = meter.Next(Report(new("a", 30, 3_000, 1.5), new("c", 1, 100, 1)), 2 * Second, default)!;
        Assert.Equal((0.5, 21L), (Math.Round(second.Telemetry.RenderLoad, 9), second.Telemetry.Blocks));
        Assert.Equal([new("a", 20, 2_000, 1), new SubgraphTelemetry("c", 1, 100, 1)], second.Subgraphs);
        Assert.Equal(0, meter.Next(Report(new("a", 30, 3_000, 1.5), new("c", 1, 100, 1)), Second, default)!.Telemetry.RenderLoad);
    }

    [Theory]
    [InlineData(-1, 0, 0, "a")]
    [InlineData(0, -1, 0, "a")]
    [InlineData(0, 0, -0.1, "a")]
    [InlineData(0, 0, double.NaN, "a")]
    [InlineData(0, 0, double.PositiveInfinity, "a")]
    [InlineData(0, 0, 0, "b")]
    public void Counts_that_cannot_be_tell_nothing(long blocks, long frames, double seconds, string id)
    {
        var meter = new NodeMeter(1);
        meter.Next(Report(new SubgraphTelemetry("b", 10, 1_000, 1)), Second, default);
        Assert.Null(meter.Next(Report(new("b", 11, 1_100, 1.1), new(id, blocks, frames, seconds)), Second, default));
        Assert.Equal(0.25, meter.Next(Report(new SubgraphTelemetry("b", 20, 2_000, 1.5)), 2 * Second, default)!.Telemetry.RenderLoad, 9);
    }

    [Fact]
    public void A_subgraph_that_begins_anew_counts_nothing_at_first()
    {
        var meter = new NodeMeter(1);
        meter.Next(Report(new SubgraphTelemetry("a", 10, 1_000, 1)), Second, default);
        Assert.Empty(meter.Next(Report(new SubgraphTelemetry("a", 2, 200, 0.1)), Second, default)!.Subgraphs);
    }

    private static TelemetryReport Report(params ImmutableArray<SubgraphTelemetry> subgraphs) => new(subgraphs, 7);
}
