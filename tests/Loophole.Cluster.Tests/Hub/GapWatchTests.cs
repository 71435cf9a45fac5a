using Loophole.Cluster.Hub;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Tests.Hub;

public sealed class GapWatchTests
{
    private static readonly LateSubgraph Drums = new("drums", new Guid(1, 0, 0, new byte[8]));
    private static readonly LateSubgraph Bass = new("bass", new Guid(2, 0, 0, new byte[8]));

    private readonly HubSignal _signal = new(7, new FrameRing(1, 1_024, startFrame: 0));
    private readonly Told _told = new();
    private LateSubgraph[] _late = [Drums];

    [Fact]
    public void A_gap_is_told_when_it_is_seen_and_when_it_is_over()
    {
        var watch = Watch();
        Look(watch);
        Assert.Empty(_told.Gaps);
        _signal.Gaps.Add(100, 64);
        Look(watch);
        Look(watch);
        Expect((100, null, [Drums]));
        _signal.Gaps.Add(164, 64);
        _signal.Gaps.Close();
        Look(watch);
        Expect((100, null, [Drums]), (100, 128, [Drums]));
        Look(watch);
        Assert.Equal(2, _told.Gaps.Count);
    }

    [Fact]
    public void Who_goes_on_with_it_was_not_late()
    {
        var watch = Watch();
        _signal.Gaps.Add(0, 64);
        Look(watch);
        _late = [Drums with { Node = Bass.Node }];
        Look(watch);
        _signal.Gaps.Close();
        Look(watch);
        Expect((0, null, [Drums]), (0, 64, [Drums]));
    }

    [Fact]
    public void Who_comes_to_be_late_as_well_is_told_of()
    {
        var watch = Watch();
        _signal.Gaps.Add(0, 64);
        Look(watch);
        _late = [Drums, Bass];
        Look(watch);
        Expect((0, null, [Drums]), (0, null, [Bass, Drums]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_was_held_up_by_the_one_that_was_late_is_not(bool isMoving)
    {
        var watch = Watch();
        _signal.Gaps.Add(0, 64);
        Look(watch);
        if (isMoving)
        {
            _signal.Ring.Publish(64);
        }

        _late = isMoving ? [Drums, Bass] : [Bass];
        Look(watch);
        Expect((0, null, [Drums]));
    }

    [Fact]
    public void Gaps_that_come_and_go_between_two_looks_are_told_each()
    {
        _signal.Gaps.Add(0, 64);
        _signal.Gaps.Close();
        _signal.Gaps.Add(128, 32);
        Look(Watch(), delay: 1_000);
        Expect((1_128, null, [Drums]), (1_000, null, [Drums]), (1_000, 64, [Drums]));
    }

    [Fact]
    public void What_is_not_heard_any_more_is_over_at_the_playhead()
    {
        var watch = Watch();
        _signal.Gaps.Add(100, 64);
        Look(watch);
        watch.Look([], 300);
        watch.Look([], 400);
        Expect((100, null, [Drums]), (100, 200, [Drums]));
    }

    [Theory]
    [InlineData(-1, 1L, 0)]
    [InlineData(0, 0L, 0)]
    [InlineData(0, -5L, 0)]
    [InlineData(0, null, GapHeard.MaxLate + 1)]
    public void A_gap_that_cannot_be_has_a_fault(long startFrame, long? frames, int late)
    {
        Assert.NotNull(new GapHeard(0, startFrame, frames, [.. Enumerable.Repeat(Drums, late)]).FindFault());
        Assert.NotNull(new GapHeard(0, 0, 1, [null!]).FindFault());
        Assert.Null(new GapHeard(0, 0, null, [Drums]).FindFault());
    }

    private GapWatch Watch() => new(_told, signal => signal == 7 ? _late : []);

    private void Look(GapWatch watch, int delay = 0) => watch.Look([new HeardSignal(_signal, delay)], 0);

    private void Expect(params (long StartFrame, long? Frames, LateSubgraph[] Late)[] expected)
    {
        Assert.Equal(expected.Select(gap => (7, gap.StartFrame, gap.Frames)), _told.Gaps.Select(gap => (gap.SignalId, gap.StartFrame, gap.Frames)));
        Assert.All(expected.Zip(_told.Gaps), pair => Assert.Equal(pair.First.Late, pair.Second.Late));
    }

    private sealed class Told : IHubEvents
    {
        public List<GapHeard> Gaps { get; } = [];

        public void Gap(GapHeard gap) => Gaps.Add(gap);

        public void Progress(RenderingProgress progress) => throw new NotSupportedException();

        public void Finished(RenderingFinished finished) => throw new NotSupportedException();

        public void Position(PlayPosition position) => throw new NotSupportedException();

        public void Turned(Turned turned) => throw new NotSupportedException();

        public void Failed(RenderingFailed failed) => throw new NotSupportedException();

        public void NodeFailed(NodeFailed failed) => throw new NotSupportedException();
    }
}
