using System.Collections.Immutable;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Sessions;
using Loophole.Cluster.Signals;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class NodeMeterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void What_was_done_since_the_last_report_is_the_load()
    {
        var meter = new NodeMeter(workers: 2);
        var first = Next(meter, Report(new("a", 10, 1_000, 0.5), new("b", 5, 500, 0.1)), Second, TimeSpan.FromMilliseconds(3))!;
        Assert.Equal((0.3, 15L, 7L, TimeSpan.FromMilliseconds(3)), (Math.Round(first.Telemetry.RenderLoad, 9), first.Telemetry.Blocks, first.Telemetry.PeakMemoryBytes, first.Telemetry.RoundTrip));
        var second = Next(meter, Report(new("a", 30, 3_000, 1.5), new("c", 1, 100, 1)), 2 * Second)!;
        Assert.Equal((0.5, 21L), (Math.Round(second.Telemetry.RenderLoad, 9), second.Telemetry.Blocks));
        Assert.Equal([new("a", 20, 2_000, 1), new SubgraphTelemetry("c", 1, 100, 1)], second.Subgraphs);
        Assert.Equal(0, Next(meter, Report(new("a", 30, 3_000, 1.5), new("c", 1, 100, 1)))!.Telemetry.RenderLoad);
    }

    [Fact]
    public void Cohorts_and_the_processor_are_told_apart()
    {
        var meter = new NodeMeter(workers: 2);
        Assert.Equal(0, Next(meter, Report(new SubgraphTelemetry("a", 1, 1, 1)) with { ProcessorSeconds = 1e6, CallbackSeconds = 3 })!.Telemetry.ProcessorLoad);
        var report = Report(new("a", 1, 1, 2), new("i", 1, 1, 0.5, IsInsert: true)) with { ProcessorSeconds = 1e6 + 3, CallbackSeconds = 3.5, MemoryBytes = 5 };
        var telemetry = Next(meter, report, 2 * Second)!.Telemetry;
        Assert.Equal((1.5, 5L), (telemetry.ProcessorLoad, telemetry.MemoryBytes));
        Assert.Equal(new CohortLoads(0.25, 0.25, 0.125), telemetry.Loads);
        Assert.Equal(0.375, telemetry.RenderLoad);
        // Another device is opened.
        Assert.Equal(0, Next(meter, report with { CallbackSeconds = 0 })!.Telemetry.Loads.Live);
    }

    [Fact]
    public void Of_the_times_of_blocks_only_those_since_the_last_report_count()
    {
        var (meter, times) = (new NodeMeter(1), new BlockTimes());
        Assert.Null(Next(meter, Report() with { BlockTimes = times.Counts })!.Telemetry.RenderTimes);
        Add(1_000, 0.5);
        Assert.Equal(At(0.5, 0.5, 0.5), Next(meter, Report() with { BlockTimes = times.Counts })!.Telemetry.RenderTimes);
        Add(98, 0.01);
        Add(1, 0.1);
        Add(1, 2);
        Assert.Equal(At(0.01, 0.1, 2), Next(meter, Report() with { BlockTimes = times.Counts })!.Telemetry.RenderTimes);
        Add(1, 0.25);
        Assert.Equal(At(0.25, 0.25, 0.25), Next(meter, Report() with { BlockTimes = times.Counts })!.Telemetry.RenderTimes);

        void Add(int blocks, double part)
        {
            for (; blocks > 0; blocks--)
            {
                times.Add(part);
            }
        }

        static RenderTimes At(double median, double most, double longest) => new(EndOf(median), EndOf(most), EndOf(longest));
        static double EndOf(double part) => BlockTimes.EndOf(BlockTimes.RangeOf(part));
    }

    [Theory]
    [InlineData(-1, 0, 0, "a")]
    [InlineData(0, -1, 0, "a")]
    [InlineData(0, 0, -0.1, "a")]
    [InlineData(0, 0, double.NaN, "a")]
    [InlineData(0, 0, double.PositiveInfinity, "a")]
    [InlineData(0, 0, 0, "b")]
    [InlineData(long.MaxValue, 0, 0, "a")]
    [InlineData(0, long.MaxValue, 0, "a")]
    public void Counts_that_cannot_be_tell_nothing(long blocks, long frames, double seconds, string id)
    {
        var meter = new NodeMeter(1);
        Next(meter, Report(new SubgraphTelemetry("b", 10, 1_000, 1)));
        Assert.Null(Next(meter, Report(new("b", 11, 1_100, 1.1), new(id, blocks, frames, seconds))));
        Assert.Equal(0.25, Next(meter, Report(new SubgraphTelemetry("b", 20, 2_000, 1.5)), 2 * Second)!.Telemetry.RenderLoad, 9);
    }

    public static TheoryData<string, string> Absurd => new()
    {
        { "memory", "hold -1 bytes" },
        { "peak", "hold -1 bytes" },
        { "processor", "processors cannot have taken -1 s" },
        { "processorNever", "processors cannot have taken NaN s" },
        { "processorBack", "went back from 10 to 9 s" },
        { "callback", "audio thread cannot have taken 10000000000 s" },
        { "ranges", "tells 3 ranges" },
        { "noRanges", "tells 0 ranges" },
        { "negative", "-1 blocks cannot" },
        { "endless", $"{long.MaxValue} blocks cannot" },
        { "fewer", "blocks became less" },
        { "null", "is null" },
    };

    [Theory]
    [MemberData(nameof(Absurd))]
    public void What_cannot_be_is_named(string what, string named)
    {
        var meter = new NodeMeter(1);
        var sane = Report() with { ProcessorSeconds = 10, BlockTimes = TelemetryReport.Nothing.BlockTimes.SetItem(9, 5) };
        Assert.NotNull(Next(meter, sane));
        var absurd = what switch
        {
            "memory" => sane with { MemoryBytes = -1 },
            "peak" => sane with { PeakMemoryBytes = -1 },
            "processor" => sane with { ProcessorSeconds = -1 },
            "processorNever" => sane with { ProcessorSeconds = double.NaN },
            "processorBack" => sane with { ProcessorSeconds = 9 },
            "callback" => sane with { CallbackSeconds = 1e10 },
            "ranges" => sane with { BlockTimes = [1, 2, 3] },
            "noRanges" => sane with { BlockTimes = [] },
            "negative" => sane with { BlockTimes = sane.BlockTimes.SetItem(3, -1) },
            "endless" => sane with { BlockTimes = sane.BlockTimes.SetItem(3, long.MaxValue) },
            "fewer" => sane with { BlockTimes = sane.BlockTimes.SetItem(9, 4) },
            _ => sane with { Subgraphs = [null!] },
        };
        Assert.Null(meter.Next(absurd, Second, Trips(default), out var fault));
        Assert.Contains(named, fault, StringComparison.Ordinal);
        Assert.NotNull(Next(meter, sane));
    }

    [Fact]
    public void A_subgraph_that_begins_anew_counts_nothing_at_first()
    {
        var meter = new NodeMeter(1);
        Next(meter, Report(new SubgraphTelemetry("a", 10, 1_000, 1)));
        Assert.Empty(Next(meter, Report(new SubgraphTelemetry("a", 2, 200, 0.1)))!.Subgraphs);
    }

    private static NodeMeasured? Next(NodeMeter meter, TelemetryReport report, TimeSpan? elapsed = null, TimeSpan took = default) => meter.Next(report, elapsed ?? Second, Trips(took), out _);

    private static RoundTrips Trips(TimeSpan took)
    {
        var trips = new RoundTrips();
        trips.Add(took, default, default);
        return trips;
    }

    private static TelemetryReport Report(params ImmutableArray<SubgraphTelemetry> subgraphs) => TelemetryReport.Nothing with { Subgraphs = subgraphs, PeakMemoryBytes = 7 };
}
