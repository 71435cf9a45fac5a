using Loophole.Cluster.Playback;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Playback;

public sealed class TransportScheduleTests
{
    [Fact]
    public void Playing_starts_at_render_frame_0_wherever_the_project_is()
    {
        var schedule = new TransportSchedule(48_000, null);
        var first = Assert.Single(schedule.ExtendTo(1_000_000));
        Assert.Equal(new TransportEvent { Frame = 0, Sequence = 0, ProjectFrame = 48_000, IsPlaying = true }, first);
        Assert.Equal(1_000_000, schedule.KnownBefore);
        Assert.Equal(48_000 + 999, schedule.ProjectFrameAt(999));
        Assert.Empty(schedule.ExtendTo(2_000_000));
    }

    [Fact]
    public void A_loop_goes_on_at_its_start_and_keeps_all_state()
    {
        var schedule = new TransportSchedule(500, new LoopRegion(1_000, 2_000));
        Assert.Equal([(0L, 500L), (1_500L, 1_000L), (2_500L, 1_000L)], schedule.ExtendTo(3_500).Select(made => (made.Frame, made.ProjectFrame)));
        Assert.All(schedule.Made, made => Assert.True(made is { IsPlaying: true, ResetsState: false }));
        Assert.Equal([0L, 1L, 2L], schedule.Made.Select(made => made.Sequence));
        Assert.Equal([1_999L, 1_000L, 1_999L, 1_000L], new long[] { 1_499, 1_500, 2_499, 2_500 }.Select(schedule.ProjectFrameAt));
    }

    [Fact]
    public void A_pass_that_starts_where_the_known_ends_is_not_made_yet()
    {
        var schedule = new TransportSchedule(0, new LoopRegion(0, 256));
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
        var whole = new TransportSchedule(100, new LoopRegion(50, 777));
        var pieces = new TransportSchedule(100, new LoopRegion(50, 777));
        whole.ExtendTo(100_000);
        var told = new List<TransportEvent>();
        while (pieces.KnownBefore < 100_000)
        {
            told.AddRange(pieces.ExtendTo(Math.Min(100_000, pieces.KnownBefore + random.Next(5_000))));
        }

        Assert.Equal(whole.Made, pieces.Made);
        Assert.Equal(whole.Made, told);
    }

    [Fact]
    public void Who_starts_at_the_end_of_a_loop_or_beyond_it_never_gets_into_it()
    {
        Assert.Single(new TransportSchedule(2_000, new LoopRegion(1_000, 2_000)).ExtendTo(100_000));
        Assert.Equal([0L, 1L], new TransportSchedule(1_999, new LoopRegion(1_000, 2_000)).ExtendTo(1_000).Select(made => made.Frame));
    }

    [Theory]
    [InlineData(0, 0, "0")]
    [InlineData(500, 400, "-100")]
    [InlineData(0, 255, "256")]
    [InlineData(-1, 4_000, "-1")]
    public void A_loop_that_is_none_is_refused_by_its_numbers(long start, long end, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => new TransportSchedule(0, new LoopRegion(start, end))).Message, StringComparison.Ordinal);
}
