using Loophole.Cluster.Gestures;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Sessions;

namespace Loophole.Cluster.Tests.Gestures;

public sealed class GestureDeskTests
{
    private readonly GestureDesk _desk = new();
    private readonly PlaySchedule _schedule = new(0, null);

    [Fact]
    public void What_moved_is_spread_over_the_frames_that_become_known_and_joined_by_lines()
    {
        var hand = Open(1_000, new GestureTarget("n", "p", 0, 10));
        hand.Update(0.1);
        hand.Update(0.2);
        hand.Update(0.4);
        Assert.Equal([(1_000L, 200L, 1.0), (1_200L, 200L, 2.0), (1_400L, 200L, 4.0)], Advance(1_600));
        Assert.Equal(1_600, _desk.KnownBefore);
        Assert.Empty(Advance(1_700));
        hand.Update(1);
        Assert.Empty(Advance(1_700));
        Assert.Equal([(1_700L, 100L, 10.0)], Advance(1_800));
        Assert.Equal(4, _schedule.MadeFrom(1).Length);
    }

    [Fact]
    public void What_comes_too_often_is_thinned_out_and_the_last_one_counts()
    {
        var hand = Open(0, new GestureTarget("n", "p", 0, 1));
        for (var position = 0; position <= 1_000; position++)
        {
            hand.Update(position / 1_000.0);
        }

        var moves = Advance(160);
        Assert.Equal(10, moves.Length);
        Assert.Equal(1, moves[^1].Value);
        Assert.All(moves.Zip(moves.Skip(1)), pair => Assert.True(pair.First.Value < pair.Second.Value && pair.First.Frame + pair.First.Ramp == pair.Second.Frame));
    }

    [Fact]
    public void Several_hands_move_at_once_and_in_order()
    {
        var one = Open(0, new GestureTarget("a", "p", 0, 1), new GestureTarget("b", "p", 1, 0));
        var other = Open(0, new GestureTarget("c", "p", 0, 1));
        one.Update(0.25);
        one.Update(0.5);
        other.Update(1);
        var moves = _desk.Advance(1_000, _schedule);
        Assert.Equal([("a", 0L), ("b", 0L), ("c", 0L), ("a", 500L), ("b", 500L)], moves.Select(move => (move.Event.NodeId, move.Event.Frame)));
        Assert.Equal([0.25, 0.75, 1, 0.5, 0.5], moves.Select(move => move.Event.Value!.Value));
        Assert.Equal(moves.Select(move => move.Event.Sequence).Order(), moves.Select(move => move.Event.Sequence));
        Assert.Equal(3, moves.Select(move => move.Stream.Id).Distinct().Count());
        _desk.Close(one);
        Assert.Equal(["c"], _desk.NodeIds);
        Assert.Equal([2], _desk.Describe([]).Streams.Select(stream => stream.Id));
    }

    [Fact]
    public void There_is_an_end_to_how_much_can_be_moved()
    {
        Open(0, [.. Enumerable.Range(0, 200).Select(node => new GestureTarget($"n{node}", "p", 0, 1))]);
        Assert.Null(_desk.FindFault([.. Enumerable.Range(200, 50).Select(node => new GestureTarget($"n{node}", "p", 0, 1))]));
        Assert.Contains("250", _desk.FindFault([.. Enumerable.Range(200, 51).Select(node => new GestureTarget($"n{node}", "p", 0, 1))]), StringComparison.Ordinal);
    }

    private GestureSession Open(long frame, params GestureTarget[] targets)
    {
        var session = new GestureSession(new RenderHappenings(), [.. targets]);
        _desk.Open(session, frame);
        return session;
    }

    private (long Frame, long Ramp, double Value)[] Advance(long knownBefore) =>
        [.. _desk.Advance(knownBefore, _schedule).Select(move => (move.Event.Frame, move.Event.RampFrames, move.Event.Value!.Value))];
}
