using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Engine.Timeline;

namespace Loophole.Engine.Tests.Timeline;

public sealed class ParameterLaneTests
{
    private static readonly ParameterDescriptor Level = new("level", 0, 10, 1);

    private readonly TransportTimeline _transport = new();
    private readonly ParameterLane _automated = new(
        Level, 1, new AutomationCurve([new AutomationPoint(10, 2, true), new AutomationPoint(20, 4.5, false), new AutomationPoint(30, 99, true)], Level));

    [Fact]
    public void Before_the_first_event_project_time_stands_at_0() => Assert.Equal((2, long.MaxValue), Line(_automated, -50));

    [Fact]
    public void Automation_follows_project_time_and_holds_while_it_stands()
    {
        Transport(100, 12, true);
        Transport(105, 17, false);
        Transport(200, 0, true);
        Assert.Equal((2.5, 105), Line(_automated, 100));
        Assert.Equal((3.5, 105), Line(_automated, 104));
        Assert.Equal((3.75, 200), Line(_automated, 150));
        Assert.Equal((2, 210), Line(_automated, 203));
        Assert.Equal((4.5, 230), Line(_automated, 225));
        Assert.Equal((10, long.MaxValue), Line(_automated, 230));
    }

    [Fact]
    public void Every_pass_of_a_loop_gives_the_same_values()
    {
        for (var pass = 0; pass < 3; pass++)
        {
            Transport(100 + (pass * 12), 8, true);
        }

        for (var frame = 0; frame < 12; frame++)
        {
            Assert.Equal(Line(_automated, 100 + frame).Value, Line(_automated, 112 + frame).Value);
            Assert.Equal(Line(_automated, 100 + frame).Value, Line(_automated, 124 + frame).Value);
        }
    }

    [Fact]
    public void An_event_leads_from_the_value_in_force_to_its_own_and_holds()
    {
        var lane = new ParameterLane(Level, 1, automation: null);
        Add(lane, 10, 3, 20);
        Add(lane, 20, 0, 4);
        Add(lane, 30, 5, 0);
        Add(lane, 40, null, 0);
        Assert.Equal((1, 10), Line(lane, 9));
        Assert.Equal((1.5, 20), Line(lane, 15));
        Assert.Equal((2, 24), Line(lane, 20));
        Assert.Equal((0.5, 24), Line(lane, 23));
        Assert.Equal((0, 30), Line(lane, 24));
        Assert.Equal((5, 40), Line(lane, 30));
        Assert.Equal((1, long.MaxValue), Line(lane, 40));
    }

    [Fact]
    public void An_event_takes_over_from_where_automation_stands()
    {
        Transport(0, 0, true);
        Add(_automated, 15, 5.75, 10);
        Add(_automated, 18, null, 0);
        Assert.Equal((3.25, 18), Line(_automated, 15));
        Assert.Equal((3.75, 18), Line(_automated, 17));
        Assert.Equal((4, 20), Line(_automated, 18));
    }

    [Fact]
    public void A_distance_follows_automation_through_ramps_jumps_and_pauses()
    {
        Transport(0, 0, true);
        Add(_automated, 12, 1, 4, isRelative: true);
        Add(_automated, 18, -3, 0, isRelative: true);
        Transport(25, 14, false);
        Add(_automated, 40, null, 0);
        // From 2.5 on the way up by 0.25 a frame, and a line of 0.25 a frame on top of it.
        Assert.Equal((2.5, 16), Line(_automated, 12));
        Assert.Equal((3.5, 16), Line(_automated, 14));
        Assert.Equal((4.5, 18), Line(_automated, 16));
        Assert.Equal((1, 20), Line(_automated, 18));
        Assert.Equal((1.5, 25), Line(_automated, 21));
        // Below the range: whoever reads it clamps.
        Assert.Equal((0, 40), Line(_automated, 30));
        Assert.Equal((3, long.MaxValue), Line(_automated, 40));
    }

    [Fact]
    public void What_was_held_is_the_start_of_a_distance_and_the_other_way_round()
    {
        Transport(0, 0, true);
        Add(_automated, 12, 4.5, 0);
        Add(_automated, 14, 0, 4, isRelative: true);
        Add(_automated, 16, 6, 4);
        Assert.Equal((4.5, 16), Line(_automated, 14));
        // Half the way from 1.5 above to 0 above 3.5.
        Assert.Equal((4.25, 20), Line(_automated, 16));
        Assert.Equal((6, long.MaxValue), Line(_automated, 25));
    }

    [Fact]
    public void Among_events_of_one_frame_the_order_decides()
    {
        Transport(0, 0, true);
        Transport(50, 15, true);
        Add(_automated, 50, 8, 10);
        Transport(50, 25, true);
        Assert.Equal(3.25, Line(_automated, 50).Value);
    }

    [Fact]
    public void Values_are_clamped_to_the_range()
    {
        var lane = new ParameterLane(Level, 1, automation: null);
        Add(lane, 0, -3, 0);
        Add(lane, 5, 30, 0);
        Assert.Equal((0, 5), Line(lane, 0));
        Assert.Equal((10, long.MaxValue), Line(lane, 5));
    }

    [Fact]
    public void An_earlier_segment_of_the_same_frame_leaves_only_its_reset()
    {
        _transport.Add(new TransportEvent { Frame = 5, Sequence = 0, ProjectFrame = 1, IsPlaying = true, ResetsState = true });
        _transport.Add(new TransportEvent { Frame = 5, Sequence = 1, ProjectFrame = 2, IsPlaying = false });
        Assert.Equal(new TransportSegment(5, 2, false, true), _transport[_transport.IndexAt(5)]);
        Assert.Equal(0, _transport.IndexAt(4));
    }

    private void Transport(long frame, long projectFrame, bool isPlaying) =>
        _transport.Add(new TransportEvent { Frame = frame, Sequence = 0, ProjectFrame = projectFrame, IsPlaying = isPlaying });

    private void Add(ParameterLane lane, long frame, double? value, long rampFrames, bool isRelative = false) =>
        lane.Add(frame, value, isRelative, rampFrames, _transport[_transport.IndexAt(frame)]);

    /// <summary>The value at a frame, and the frame where the renderer would cut next.</summary>
    private (double Value, long EndFrame) Line(ParameterLane lane, long frame)
    {
        var segment = _transport.IndexAt(frame);
        var end = _transport.EndFrame(segment);
        var line = lane.LineAt(frame, _transport[segment], ref end);
        return (line.At(frame), end);
    }
}
