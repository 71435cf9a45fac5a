using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Sessions;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class LinksMeasuredTests
{
    private static readonly SessionFormat Format = new(48_000, 480, 1L << 50, 4_800, 9_600);
    private static readonly NodeTelemetry Busy = new() { RenderLoad = 0.9, Blocks = 100, PeakMemoryBytes = 1, RoundTrip = TimeSpan.FromMilliseconds(1), RoundTripMedian = TimeSpan.FromMilliseconds(1) };
    private static readonly NodeId One = new(Guid.NewGuid());

    [Fact]
    public void The_worst_of_a_node_says_why_it_is_late()
    {
        var measured = Played(Link("a", 1_100), Link("b", -30), Link("c", 4_000), new MeasuredLink(new NodeId(Guid.NewGuid()), Link("d", -900).Link, false));
        Assert.Equal("-30 of 4800 frames ahead. It renders slowly, for 90 % of its threads' time.", measured.FindLateness(One, measured.Of(One, Busy)));
    }

    [Fact]
    public void What_has_just_begun_and_what_is_in_time_is_not_late()
    {
        var measured = Played(Link("a", 4_000), Link("b", -30) with { HasJustBegun = true });
        Assert.Null(measured.FindLateness(One, measured.Of(One, Busy)));
        Assert.Null(LinksMeasured.None.FindLateness(One, LinksMeasured.None.Of(One, Busy)));
    }

    [Fact]
    public void Where_a_file_is_written_nobody_is_late()
    {
        var measured = Played(Link("a", -30)) with { IsPlayed = false };
        Assert.Null(measured.FindLateness(One, measured.Of(One, Busy)));
    }

    private static LinksMeasured Played(params MeasuredLink[] links) => new(Format, true, [.. links]);

    private static MeasuredLink Link(string subgraph, long margin) => new(One, new LinkTelemetry { SubgraphId = subgraph, MarginFrames = margin, MostFrames = 4_800 }, false);
}
