using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Sessions;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class MarginReasonTests
{
    // A lead of 100 ms: below 25 ms there is little margin.
    private static readonly SessionFormat Format = new(48_000, 480, 1L << 50, 4_800, 9_600);
    private static readonly NodeTelemetry Calm = new() { RenderLoad = 0.1, Blocks = 100, PeakMemoryBytes = 1, RoundTrip = Ms(1), RoundTripMedian = Ms(1), RenderTimes = new RenderTimes(0.1, 0.2, 0.5) };

    [Theory]
    [InlineData(1_200, false)]
    [InlineData(1_199, true)]
    [InlineData(-480, true)]
    [InlineData(null, false)]
    public void Below_a_quarter_of_what_it_can_be_a_margin_is_small(int? margin, bool isSmall) =>
        Assert.Equal(isSmall ? "Nothing that is measured says why." : "", Of(Link(margin), Calm));

    [Fact]
    public void Enough_margin_needs_no_reason_whatever_else_there_is() =>
        Assert.Equal("", Of(Link(4_000), Calm with { RenderLoad = 2, RoundTrip = Ms(500) }, hasJustBegun: true));

    [Fact]
    public void Who_has_just_begun_catches_up() => Assert.StartsWith("It has just begun", Of(Link(0), Calm with { RenderLoad = 1 }, hasJustBegun: true), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.7, "It renders slowly, for 70 % of its threads' time.")]
    [InlineData(0.69, "Nothing that is measured says why.")]
    public void Slow_rendering_comes_before_a_slow_network(double load, string reason) =>
        Assert.Equal(reason, Of(Link(0), Calm with { RenderLoad = load, RoundTrip = load < 0.7 ? Ms(1) : Ms(80) }));

    [Theory]
    [InlineData(2.5, "A block took 25.0 ms to render.")]
    [InlineData(2.4, "Nothing that is measured says why.")]
    public void One_block_that_took_a_quarter_of_the_lead_is_named(double longest, string reason) =>
        Assert.Equal(reason, Of(Link(0), Calm with { RenderTimes = new RenderTimes(0.1, 0.2, longest) }));

    [Theory]
    [InlineData(75, 25, "The network is slow: the round trip has grown from 25.0 ms to 75.0 ms.")]
    [InlineData(74, 25, "The way is long: of 100.0 ms ahead a round trip takes 74.0 ms.")]
    [InlineData(24, 1, "Nothing that is measured says why.")]
    public void The_network_is_slow_when_it_was_quicker_and_the_way_is_long_when_it_was_not(int now, int median, string reason) =>
        Assert.Equal(reason, Of(Link(0), Calm with { RoundTrip = Ms(now), RoundTripMedian = Ms(median) }));

    [Fact]
    public void Who_may_send_nothing_waits_for_a_checkpoint() =>
        Assert.Equal("It may send nothing more before the host has a checkpoint; what is heard is 200 ms beyond the newest.", Of(Link(0) with { CreditFrames = 0, CheckpointAgeFrames = 9_600 }, Calm));

    [Fact]
    public void An_insert_has_its_budget_for_a_lead()
    {
        var insert = Link(100) with { MostFrames = 480 };
        Assert.Equal("The way is long: of 10.0 ms ahead a round trip takes 5.0 ms.", Of(insert, Calm with { RenderTimes = null, RoundTrip = Ms(5), RoundTripMedian = Ms(4) }));
        Assert.Equal("", Of(insert with { MarginFrames = 120 }, Calm with { RoundTrip = Ms(5) }));
    }

    private static string Of(LinkTelemetry link, NodeTelemetry node, bool hasJustBegun = false) => MarginReason.Of(link, node, Format, hasJustBegun);

    private static LinkTelemetry Link(long? margin) => new() { SubgraphId = "s", MarginFrames = margin, MostFrames = 4_800, CreditFrames = 1 };

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
