using Loophole.Cluster.Meters;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Meters;

/// <summary>What Pulse shows is of the assignment that is heard, and whatever a Signal says of others, or of what cannot be, is refused.</summary>
public sealed class MeterBoardTests
{
    private const int Known = 10_000;

    private static readonly NodeId Here = new(Guid.NewGuid());
    private static readonly NodeId There = new(Guid.NewGuid());

    private readonly MeterBoard _board = new(new GlobalPlan
    {
        SampleRate = FakeMeters.SampleRate,
        Steps = FakeMeters.OfPlan.Steps,
        Costs = [1],
        Work = [[]],
        HostReasons = [""],
        Output = FakeMeters.OfPlan.Outputs[0],
        LatencyFrames = 0,
    });

    public MeterBoardTests()
    {
        _board.Assign([(FakeMeters.OfPlan, 1, Here)]);
        _board.Know(Known);
    }

    [Fact]
    public void The_newest_window_that_was_heard_is_shown()
    {
        Assert.Empty(_board.Read(0));
        Take(Here, Window(0), Window(100), Window(200), Window(200, node: 2));
        Assert.Empty(_board.Read(99));
        Assert.Equal([("c", "m1", 0L, 1f)], Shown(100));
        Assert.Equal([("c", "m1", 100L, 101f)], Shown(299));
        Assert.Equal([("c", "m1", 200L, 201f), ("c", "m2", 200L, 201f)], Shown(300));
        Assert.Equal([("c", "m1", 200L, 201f), ("c", "m2", 200L, 201f)], Shown(900));
        // Too late for what is shown, in time for what is heard next.
        Take(Here, Window(100), Window(700), Window(800), Window(900));
        Assert.Equal([("c", "m1", 800L, 801f), ("c", "m2", 200L, 201f)], Shown(950));
    }

    [Fact]
    public void What_has_come_from_several_places_under_one_assignment_was_measured_by_all_of_them()
    {
        var (one, other, both) = (new MeteredSubgraph(), new MeteredSubgraph(), new MeteredSubgraph());
        one.Assign(3, Here);
        other.Assign(3, There);
        both.Inherit(one);
        both.Inherit(other);
        both.Assign(0, Here);
        Assert.Equal([long.MaxValue, long.MaxValue, long.MaxValue], new[] { both.EndOf(3, Here), both.EndOf(3, There), both.EndOf(0, Here) });
        both.Change(50);
        Assert.Equal([50L, 50L], new[] { both.EndOf(3, Here), both.EndOf(3, There) });
        // One that is over long ago is no fault; one that was never there is.
        Assert.Equal(long.MinValue, both.EndOf(2, Here));
        Assert.Null(both.EndOf(3, new NodeId(Guid.NewGuid())));
        Assert.Null(both.EndOf(4, Here));
    }

    [Fact]
    public void After_a_fail_over_the_same_comes_again()
    {
        Take(Here, Window(0), Window(100), Window(200));
        _board.Assign("s", 2, There);
        Take(There, Window(100, epoch: 2, peak: 5), Window(300, epoch: 2));
        // What was still on its way.
        Take(Here, Window(400));
        Assert.Equal([("c", "m1", 0L, 1f)], Shown(100));
        Assert.Equal([("c", "m1", 100L, 5f)], Shown(200));
        Assert.Equal([("c", "m1", 200L, 201f)], Shown(300));
        Assert.Equal([("c", "m1", 400L, 401f)], Shown(500));
    }

    [Fact]
    public void After_a_change_what_was_measured_before_goes_as_far_as_it_was_rendered_before()
    {
        // The second meter renders frame f at f + 50.
        Take(Here, Window(100), Window(200), Window(300), Window(200, node: 2), Window(100, node: 2));
        _board.Change(["s"], 340);
        _board.Assign("s", 2, Here);
        Take(Here, Window(400), Window(300), Window(200, node: 2), Window(200, peak: 7), Window(100, node: 2, peak: 8));
        Assert.Equal([("c", "m1", 200L, 7f), ("c", "m2", 100L, 8f)], Shown(900));
        Take(Here, Window(400, epoch: 2), Window(200, epoch: 2, node: 2));
        Assert.Equal([("c", "m1", 400L, 401f), ("c", "m2", 200L, 201f)], Shown(900));
        // By now all of the first assignment was heard: it is forgotten, and what is late of it is no fault.
        Take(Here, Window(800), Window(900));
        Assert.Equal([("c", "m1", 400L, 401f), ("c", "m2", 200L, 201f)], Shown(1_000));
    }

    [Theory]
    [InlineData("another signal", 8, 1, 1, 0, 1f, 1f, 2)]
    [InlineData("a node that is not there", 7, 3, 1, 0, 1f, 1f, 2)]
    [InlineData("another width", 7, 1, 1, 0, 1f, 1f, 1)]
    [InlineData("a wider one", 7, 1, 1, 0, 1f, 1f, 64)]
    [InlineData("an assignment that is not made", 7, 1, 2, 0, 1f, 1f, 2)]
    [InlineData("an assignment that nobody has", 7, 1, -1, 0, 1f, 1f, 2, true)]
    [InlineData("between two windows", 7, 1, 1, 50, 1f, 1f, 2)]
    [InlineData("before there was any", 7, 1, 1, -100, 1f, 1f, 2)]
    [InlineData("before there was any, later", 7, 2, 1, -200, 1f, 1f, 2)]
    [InlineData("the beginning of time", 7, 1, 1, long.MinValue / 100 * 100, 1f, 1f, 2)]
    [InlineData("what nobody knows", 7, 1, 1, Known, 1f, 1f, 2)]
    [InlineData("what nobody knows, later", 7, 2, 1, Known - 100, 1f, 1f, 2)]
    [InlineData("the end of time", 7, 1, 1, long.MaxValue / 100 * 100, 1f, 1f, 2)]
    [InlineData("no number", 7, 1, 1, 0, float.NaN, 1f, 2)]
    [InlineData("no number either", 7, 1, 1, 0, 1f, float.NaN, 2)]
    [InlineData("beyond all", 7, 1, 1, 0, float.PositiveInfinity, 1f, 2)]
    [InlineData("below nothing", 7, 1, 1, 0, 1f, -1f, 2)]
    public void What_cannot_be_is_a_violation(string what, int signal, int node, int epoch, long frame, float peak, float rms, int width, bool isOld = false)
    {
        MeterBundle bundle = new(0, 0, [new MeterWindow(signal, node, epoch, frame, [.. Enumerable.Repeat(new MeterReading(peak, rms), width)])]);
        if (isOld)
        {
            // Older than what is known: it may have been made once.
            _board.Take(Here, bundle);
        }
        else
        {
            Assert.True(Assert.Throws<TransportException>(() => _board.Take(Here, bundle)).Error == TransportError.ProtocolViolation, what);
        }

        Assert.Empty(_board.Read(1_000));
    }

    [Fact]
    public void Meters_of_another_Signal_are_none_of_its_business()
    {
        Assert.Throws<TransportException>(() => Take(There, Window(0)));
        _board.Assign("s", 2, There);
        Assert.Throws<TransportException>(() => Take(Here, Window(0, epoch: 2)));
        Assert.Throws<TransportException>(() => Take(There, Window(0)));
        Assert.Empty(_board.Read(1_000));
    }

    [Fact]
    public void A_flood_of_all_that_may_be_said_costs_no_more_than_what_may_be_heard()
    {
        var random = new Random(1);
        _board.Read(5_000);
        for (var bundle = 0; bundle < 200; bundle++)
        {
            Take(Here, [.. Enumerable.Range(0, 1_000).Select(_ => Window(100 * random.Next(Known / 100)))]);
        }

        for (var frame = 5_000; frame <= Known; frame += 100)
        {
            Assert.Equal([("c", "m1", frame - 100L, frame - 99f)], Shown(frame));
        }
    }

    [Fact]
    public void What_was_dropped_is_summed_over_the_Signals()
    {
        _board.Take(Here, new MeterBundle(0, 3, []));
        _board.Take(There, new MeterBundle(0, uint.MaxValue, []));
        _board.Take(Here, new MeterBundle(1, 5, []));
        Assert.Equal(5L + uint.MaxValue, _board.Dropped);
    }

    private static MeterWindow Window(long frame, int node = 1, int epoch = 1, float? peak = null) =>
        new(FakeMeters.SignalId, node, epoch, frame, [new MeterReading(peak ?? frame + 1, 0), new MeterReading(0, 0)]);

    private void Take(NodeId from, params MeterWindow[] windows) => _board.Take(from, new MeterBundle(0, 0, [.. windows]));

    private IEnumerable<(string, string, long, float)> Shown(long heardFrame) =>
        _board.Read(heardFrame).Select(level => (level.ChannelId, level.NodeId, level.StartFrame, level.Readings[0].Peak));
}
