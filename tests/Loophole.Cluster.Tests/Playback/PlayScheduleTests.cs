using Loophole.Cluster.Playback;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Playback;

public sealed class PlayScheduleTests
{
    [Fact]
    public void Playing_starts_at_render_frame_0_wherever_the_project_is()
    {
        var schedule = new PlaySchedule(48_000, null);
        var first = Assert.Single(schedule.ExtendTo(1_000_000));
        Assert.Equal(new TransportEvent { Frame = 0, Sequence = 0, ProjectFrame = 48_000, IsPlaying = true }, first);
        Assert.Equal(1_000_000, schedule.KnownBefore);
        Assert.Equal(48_000 + 999, schedule.ProjectFrameAt(999));
        Assert.Empty(schedule.ExtendTo(2_000_000));
    }

    [Fact]
    public void A_pre_roll_comes_before_the_start_and_before_whatever_is_gone_on_with()
    {
        var schedule = new PlaySchedule(500, new LoopRegion(0, 2_000), preRollFrames: 800);
        schedule.ExtendTo(3_000);
        Assert.Equal([(0L, -300L), (2_300L, 0L)], Places(schedule.MadeFrom(0)));
        schedule.Revise(1_000, new PlayChange.Pause());
        var went = Assert.IsType<TransportEvent>(Assert.Single(schedule.Revise(1_500, new PlayChange.Run())));
        Assert.Equal((1_500L, -100L, true, true), (went.Frame, went.ProjectFrame, went.IsPlaying, went.ResetsState));
        // What runs goes where it is told to, and goes on as it did.
        schedule.Revise(1_600, new PlayChange.Run());
        Assert.Equal(100, schedule.ProjectFrameAt(1_700));
        schedule.Revise(1_800, new PlayChange.Locate(1_000));
        Assert.Equal(1_000, schedule.ProjectFrameAt(1_800));
        // Where it stops it stands at the start, not before it.
        schedule.Revise(2_000, new PlayChange.Stop());
        Assert.Equal(500, schedule.ProjectFrameAt(2_500));
        schedule.Revise(2_600, new PlayChange.Run());
        Assert.Equal(-300, schedule.ProjectFrameAt(2_600));
    }

    [Fact]
    public void A_loop_goes_on_at_its_start_and_keeps_all_state()
    {
        var schedule = new PlaySchedule(500, new LoopRegion(1_000, 2_000));
        Assert.Equal([(0L, 500L), (1_500L, 1_000L), (2_500L, 1_000L)], Places(schedule.ExtendTo(3_500)));
        Assert.All(schedule.MadeFrom(0), made => Assert.True(made is TransportEvent { IsPlaying: true, ResetsState: false }));
        Assert.Equal([0L, 1L, 2L], schedule.MadeFrom(0).Select(made => made.Sequence));
        Assert.Equal([1_999L, 1_000L, 1_999L, 1_000L], new long[] { 1_499, 1_500, 2_499, 2_500 }.Select(schedule.ProjectFrameAt));
    }

    [Fact]
    public void A_pass_that_starts_where_the_known_ends_is_not_made_yet()
    {
        var schedule = new PlaySchedule(0, new LoopRegion(0, 256));
        Assert.Equal([0L], schedule.ExtendTo(256).Select(made => made.Frame));
        Assert.Equal([256L], schedule.ExtendTo(257).Select(made => made.Frame));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_does_not_matter_in_which_pieces_it_is_made(int seed)
    {
        var random = new Random(seed);
        var whole = new PlaySchedule(100, new LoopRegion(50, 777));
        var pieces = new PlaySchedule(100, new LoopRegion(50, 777));
        whole.ExtendTo(100_000);
        var told = new List<RenderEvent>();
        while (pieces.KnownBefore < 100_000)
        {
            told.AddRange(pieces.ExtendTo(Math.Min(100_000, pieces.KnownBefore + random.Next(5_000))));
        }

        Assert.Equal(whole.MadeFrom(0), pieces.MadeFrom(0));
        Assert.Equal(whole.MadeFrom(0), told);
    }

    [Fact]
    public void Who_starts_at_the_end_of_a_loop_or_beyond_it_never_gets_into_it()
    {
        Assert.Single(new PlaySchedule(2_000, new LoopRegion(1_000, 2_000)).ExtendTo(100_000));
        Assert.Equal([0L, 1L], new PlaySchedule(1_999, new LoopRegion(1_000, 2_000)).ExtendTo(1_000).Select(made => made.Frame));
    }

    [Theory]
    [InlineData(0, 0, "0")]
    [InlineData(500, 400, "-100")]
    [InlineData(0, 255, "256")]
    [InlineData(-1, 4_000, "-1")]
    public void A_loop_that_is_none_is_refused_by_its_numbers(long start, long end, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => new PlaySchedule(0, new LoopRegion(start, end))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_pause_holds_project_time_and_going_on_goes_on_from_there()
    {
        var schedule = Known(new PlaySchedule(1_000, null));
        Assert.Equal([(500L, 1_500L)], Places(schedule.Revise(500, new PlayChange.Pause())));
        Assert.Equal((1_499L, 1_500L, 1_500L), (schedule.ProjectFrameAt(499), schedule.ProjectFrameAt(500), schedule.ProjectFrameAt(5_000)));
        Assert.Equal([(800L, 1_500L)], Places(schedule.Revise(800, new PlayChange.Run())));
        Assert.Equal((true, false, true), (schedule.IsPlayingAt(499), schedule.IsPlayingAt(799), schedule.IsPlayingAt(800)));
        Assert.Equal(1_600, schedule.ProjectFrameAt(900));
        Assert.All(schedule.MadeFrom(0), made => Assert.False(((TransportEvent)made).ResetsState));
    }

    [Fact]
    public void A_locate_starts_state_afresh_and_runs_on_only_if_it_ran()
    {
        var schedule = Known(new PlaySchedule(0, null));
        var located = (TransportEvent)Assert.Single(schedule.Revise(500, new PlayChange.Locate(7_000)));
        Assert.Equal((7_000L, true, true), (located.ProjectFrame, located.IsPlaying, located.ResetsState));
        schedule.Revise(600, new PlayChange.Pause());
        located = (TransportEvent)Assert.Single(schedule.Revise(700, new PlayChange.Locate(9_000)));
        Assert.Equal((9_000L, false, true), (located.ProjectFrame, located.IsPlaying, located.ResetsState));
    }

    [Fact]
    public void A_stop_goes_back_to_where_playing_started()
    {
        var schedule = Known(new PlaySchedule(4_321, new LoopRegion(4_000, 5_000)));
        var stopped = (TransportEvent)Assert.Single(schedule.Revise(2_500, new PlayChange.Stop()));
        Assert.Equal((4_321L, false, true), (stopped.ProjectFrame, stopped.IsPlaying, stopped.ResetsState));
    }

    [Fact]
    public void A_change_takes_the_passes_after_it_back_and_makes_those_that_come_instead()
    {
        var schedule = new PlaySchedule(0, new LoopRegion(0, 1_000));
        schedule.ExtendTo(5_000);
        // The passes from 2,000 on are gone; from 1,700 on the loop's end is 300 frames away again.
        Assert.Equal([(1_700L, 700L), (2_000L, 0L), (3_000L, 0L), (4_000L, 0L)], Places(schedule.Revise(1_700, new PlayChange.Run())));
        Assert.Equal([(2_600L, 900L), (2_700L, 0L), (3_700L, 0L), (4_700L, 0L)], Places(schedule.Revise(2_600, new PlayChange.Locate(900))));
        Assert.Equal([(3_000L, 300L), (3_200L, 100L), (3_600L, 100L), (4_000L, 100L), (4_400L, 100L), (4_800L, 100L)], Places(schedule.Revise(3_000, new PlayChange.Repeat(new LoopRegion(100, 500)))));
        Assert.Equal([(3_700L, 200L)], Places(schedule.Revise(3_700, new PlayChange.Repeat(null))));
        AssertInOrder(schedule.MadeFrom(0));
    }

    [Fact]
    public void A_parameter_leaves_the_transport_as_it_is()
    {
        var schedule = new PlaySchedule(0, new LoopRegion(0, 1_000));
        schedule.ExtendTo(2_500);
        var made = schedule.Set(1_500, [new PlayChange.SetParameter("node", "volume", 0.5, IsRelative: false, 480)]);
        Assert.Equal([1_500L, 2_000L], made.Select(change => change.Frame));
        Assert.Equal(("node", "volume", 0.5, 480L), made[0] is ParameterEvent set ? (set.NodeId, set.Parameter, set.Value!.Value, set.RampFrames) : default);
        // A transport change keeps what was set for later.
        Assert.Equal([1_200L, 1_500L], schedule.Revise(1_200, new PlayChange.Pause()).Select(change => change.Frame));
        AssertInOrder(schedule.MadeFrom(0));
        Assert.Empty(schedule.ExtendTo(4_000));
    }

    [Fact]
    public void What_was_asked_for_ahead_stays_whatever_is_changed_before_it()
    {
        var schedule = Known(new PlaySchedule(0, null));
        schedule.Revise(5_000, new PlayChange.Locate(100));
        schedule.Revise(6_000, new PlayChange.Repeat(new LoopRegion(0, 50_000)));
        Assert.Equal([(1_000L, 1_000L), (5_000L, 100L), (6_000L, 100L)], Places(schedule.Revise(1_000, new PlayChange.Pause())));
        Assert.Equal([(2_000L, 1_000L), (5_000L, 100L), (6_000L, 1_100L), (54_900L, 0L)], Places(schedule.Revise(2_000, new PlayChange.Run())));
        Assert.Equal((null, new LoopRegion(0, 50_000)), (schedule.LoopAt(5_999), schedule.LoopAt(6_000)));
        AssertInOrder(schedule.MadeFrom(0));
    }

    [Fact]
    public void What_falls_on_one_frame_counts_together()
    {
        var schedule = Known(new PlaySchedule(0, null));
        schedule.Revise(1_000, new PlayChange.Locate(300));
        var made = (TransportEvent)Assert.Single(schedule.Revise(1_000, new PlayChange.Pause()));
        Assert.Equal((300L, false, true), (made.ProjectFrame, made.IsPlaying, made.ResetsState));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Whatever_is_changed_what_is_told_adds_up_to_what_is_made(int seed)
    {
        var random = new Random(seed);
        var schedule = new PlaySchedule(0, new LoopRegion(300, 1_300));
        var told = schedule.ExtendTo(3_000).ToList();
        for (var (step, at) = (0, 1L); step < 200; step++, at += random.Next(1, 400))
        {
            if (at + 1_000 > schedule.KnownBefore)
            {
                told.AddRange(schedule.ExtendTo(at + 3_000));
            }

            var from = at + random.Next(900);
            PlayChange change = random.Next(6) switch
            {
                0 => new PlayChange.Run(),
                1 => new PlayChange.Pause(),
                2 => new PlayChange.Locate(random.Next(2_000)),
                3 => new PlayChange.Stop(),
                4 => new PlayChange.Repeat(random.Next(3) == 0 ? null : new LoopRegion(random.Next(500), 1_000 + random.Next(500))),
                _ => new PlayChange.SetParameter("node", "gain", random.NextDouble(), IsRelative: false, 0),
            };
            var revised = schedule.Revise(from, change);
            told.RemoveAll(made => made.Frame >= from);
            told.AddRange(revised);
        }

        Assert.Equal(schedule.MadeFrom(0), told);
        AssertInOrder(schedule.MadeFrom(0));
    }

    private static PlaySchedule Known(PlaySchedule schedule)
    {
        schedule.ExtendTo(100_000);
        return schedule;
    }

    private static IEnumerable<(long Frame, long ProjectFrame)> Places(IEnumerable<RenderEvent> made) => made.Cast<TransportEvent>().Select(segment => (segment.Frame, segment.ProjectFrame));

    private static void AssertInOrder(IReadOnlyList<RenderEvent> made) =>
        Assert.All(made.Zip(made.Skip(1)), pair => Assert.True((pair.First.Frame, pair.First.Sequence).CompareTo((pair.Second.Frame, pair.Second.Sequence)) < 0));
}
