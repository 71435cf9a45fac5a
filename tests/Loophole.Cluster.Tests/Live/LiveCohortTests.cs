using Loophole.Cluster.Audio;
using Loophole.Cluster.Live;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Rings;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Live;

public sealed class LiveCohortTests : IDisposable
{
    private const int Block = 64;
    private const int Capacity = 1_000;

    // Applied at least a tenth of a second ahead: 800 frames.
    private const int Rate = 8_000;
    private const int EventLead = 800;

    private static readonly SubgraphPlan Plan = new()
    {
        Id = "live",
        SampleRate = Rate,
        BlockFrames = Block,
        Inputs = [new PlanSignal(0, 1), new PlanSignal(1, 2)],
        Outputs = [new PlanSignal(3, 2)],
        Steps =
        [
            new SumStep { Id = "sum", Inputs = [new SumInput(0, 0), new SumInput(1, 0)], Output = new PlanSignal(2, 2) },
            new ChannelStep { Id = "channel", ChannelId = "c", InputSignalId = 2, Nodes = [new PlanNode(FakeProcessors.Plain("p"), 0)], Output = new PlanSignal(3, 2) },
        ],
    };

    private readonly FakeRenderers _renderers = new();
    private readonly FrameRing[] _rings = [new(1, Capacity, 0), new(2, Capacity, 0)];
    private readonly List<RenderEvent> _events = [];
    private readonly List<float> _heard = [];
    private readonly LiveCohort _live;
    private readonly OutputFeed _feed;

    public LiveCohortTests()
    {
        _live = new LiveCohort((FakeRenderer)_renderers.Create(Plan, new FakeMedia()), 3, 0);
        _live.Connect(null, [.. _rings.Select(ring => new EdgeFeed(ring))]);
        _feed = new OutputFeed(_live, startFrame: 0);
    }

    public void Dispose()
    {
        _live.Dispose();
        Assert.Equal(0, _renderers.Live);
    }

    [Fact]
    public void What_is_played_is_what_one_renderer_makes_of_it_all()
    {
        Tell(10_000, Transport(0, 500), Parameter(700, 0.5), Transport(701, 9_000), Parameter(5_000, 0.1));
        while (_feed.Playhead < 8_000)
        {
            Make(_feed.Playhead + 300);
            _live.Follow(_feed);
            Call(37 + (int)(_feed.Playhead % 200));
        }

        Assert.Equal((0L, 0L), (_feed.MissingFrames, _feed.LateBlocks));
        AssertHeard(0);
    }

    [Fact]
    public void Playing_that_starts_later_has_rendered_what_comes_before()
    {
        Tell(10_000, Transport(0, 500));
        var feed = new OutputFeed(_live, startFrame: 333);
        Make(900);
        _live.Follow(feed);
        Call(200, feed);
        AssertHeard(333);
    }

    [Fact]
    public void Where_it_is_not_known_what_happens_there_is_a_gap_and_then_all_is_as_if_there_had_been_none()
    {
        Tell(600, Transport(0, 500));
        Make(999);
        _live.Follow(_feed);
        Call(500);
        Call(100);
        // Nothing is known from frame 600 on.
        Call(100);
        Assert.Equal((100L, 1L), (_feed.MissingFrames, _feed.LateBlocks));
        Tell(10_000, Parameter(650, 0.75));
        // Nobody has caught up yet.
        Call(100);
        Assert.Equal((200L, 2L), (_feed.MissingFrames, _feed.LateBlocks));
        _live.Follow(_feed);
        Call(64);
        Call(100);
        Assert.Equal(2, _feed.LateBlocks);
        AssertHeard(0, 600, 864);
        Assert.All(_heard[(2 * (600 + GapFade.Frames))..(2 * 800)], sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void Given_back_within_the_block_that_was_given_up_it_is_not_at_its_frame_and_waits_for_the_next()
    {
        Tell(600, Transport(0, 500));
        Make(999);
        _live.Follow(_feed);
        Call(500);
        Call(50);
        // As the callback does it, piece by piece, with the loop in between; the playhead is where the block began.
        var missing = 0;
        _live.Take(550, 50, long.MaxValue, ref missing);
        Assert.Equal(0, missing);
        _live.Take(600, 50, long.MaxValue, ref missing);
        Assert.Equal((50, 600L), (missing, _live.Position));
        Tell(10_000);
        _live.Follow(_feed);
        missing = 0;
        _live.Take(650, 50, long.MaxValue, ref missing);
        Assert.Equal((50, 600L), (missing, _live.Position));
        Assert.Null(_live.Failure);
    }

    [Fact]
    public void What_the_callback_plays_in_a_gap_is_not_what_is_caught_up_with()
    {
        Tell(600, Transport(0, 500));
        Make(999);
        _live.Follow(_feed);
        Call(600);
        Call(50);
        var missing = 0;
        var gap = _live.Take(650, 50, long.MaxValue, ref missing);
        Tell(10_000);
        _live.Follow(_feed);
        Assert.Equal(650, _live.Position);
        Assert.True(Math.Abs(gap[^1]) == 0 && gap.Length == 100, $"{gap[^1]}");
    }

    [Fact]
    public void Nothing_is_caught_up_with_before_all_of_it_is_there()
    {
        Tell(600, Transport(0, 500));
        Make(600);
        _live.Follow(_feed);
        Call(600);
        Call(100);
        Tell(10_000);
        Make(700, 0);
        _live.Follow(_feed);
        Assert.Equal(600, _live.Position);
        Make(900);
        _live.Follow(_feed);
        Call(64);
        Call(100);
        AssertHeard(0, 600, 764);
    }

    [Fact]
    public void What_is_told_too_late_for_its_frame_ends_it_by_name()
    {
        Tell(10_000, Transport(0, 500));
        _live.Follow(_feed);
        Assert.Null(_live.Failure);
        _live.Tell([Parameter(EventLead - 1, 1)], 10_000);
        Assert.Contains($"frame {EventLead - 1}", _live.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_of_one_signal_is_a_gap_of_that_signal_alone()
    {
        Tell(10_000, Transport(0, 500));
        Make(300);
        _live.Follow(_feed);
        Call(300);
        Make(400, 1);
        Call(100);
        Assert.Equal((100L, 1L), (_feed.MissingFrames, _feed.LateBlocks));
        // The renderer ran: its generator is heard, and the other signal.
        Assert.All(_heard[^20..], sample => Assert.True(Math.Abs(sample) > 0.05, $"{sample}"));
        Assert.Equal(400, _live.Position);
    }

    [Fact]
    public void A_hold_keeps_what_may_still_change_from_being_applied()
    {
        Tell(10_000, Transport(0, 500), Parameter(900, 0.9));
        Make(999);
        _live.Follow(_feed);
        // What is applied stays: up to there nothing can be changed any more.
        Assert.Equal(EventLead, _live.Hold(100));
        Assert.Equal(850, _live.Hold(850));
        Call(500);
        _live.Follow(_feed);
        Call(350);
        Assert.Equal(0, _feed.LateBlocks);
        Call(50);
        Assert.Equal(1, _feed.LateBlocks);
        _events.RemoveAll(change => change.Frame >= 850);
        _events.Add(Parameter(860, 0.2));
        _live.Revise(850, [_events[^1]], 10_000);
        // Others may not know of it yet.
        _live.Follow(_feed);
        Call(30);
        Assert.Equal(2, _feed.LateBlocks);
        _live.GoOn();
        _live.Follow(_feed);
        Call(64);
        Assert.Equal(2, _feed.LateBlocks);
        AssertHeard(0, 850, 994);
    }

    [Fact]
    public void A_revision_that_is_no_concern_of_its_changes_nothing()
    {
        Tell(10_000, Transport(0, 500), Parameter(300, 0.9), Parameter(900, 0.4));
        Make(999);
        _live.Follow(_feed);
        // From before what is applied: all that is new there is for others.
        _live.Revise(200, [.. _events.Where(change => change.Frame >= 200)], 10_000);
        Call(500);
        _live.Follow(_feed);
        Call(490);
        AssertHeard(0);
    }

    [Fact]
    public void What_an_insert_answers_is_heard_its_budget_later_and_where_it_is_not_taken_nothing_is_rendered()
    {
        // Its own output is heard, and 300 frames later what an insert makes of what it is handed: here, the same again.
        const int Budget = 300;
        var plan = new SubgraphPlan
        {
            Id = "live",
            SampleRate = Rate,
            BlockFrames = Block,
            Inputs = [new PlanSignal(5, 1)],
            Outputs = [new PlanSignal(6, 1), new PlanSignal(7, 1)],
            Steps =
            [
                new ChannelStep { Id = "before", ChannelId = "c", Nodes = [], Output = new PlanSignal(6, 1) },
                new SumStep { Id = "after", Inputs = [new SumInput(5, 0)], Output = new PlanSignal(7, 1) },
            ],
        };
        var (sent, answered) = (new FrameRing(1, Capacity, 0), new FrameRing(1, Capacity, 0));
        using var live = new LiveCohort((FakeRenderer)_renderers.Create(plan, new FakeMedia()), 7, 0);
        Assert.Equal([new PlanSignal(6, 1)], live.Sent);
        live.Connect(null, [new ReturnFeed(new EdgeFeed(answered), Budget)], sent);
        var feed = new OutputFeed(live, startFrame: 0);
        var (heard, handed) = (new List<float>(), new List<float>());
        live.Tell([Transport(0, 500)], 100_000);
        Play(600);
        // Nobody takes it: it fills, and then nothing more is rendered.
        for (var frame = 600; frame < 2_000; frame += 50)
        {
            Answer();
            CallMono(50);
            live.Follow(feed);
        }

        var full = sent.ReleaseFrame + Capacity;
        Assert.Equal((full, full, 2_000 - full), (live.Position, sent.WriteFrame, feed.MissingFrames));
        // Taken again, it catches up as fast as it is answered.
        while (!live.IsWithCallback)
        {
            Answer();
            sent.Release(sent.WriteFrame);
            live.Follow(feed);
        }

        Assert.Equal(feed.Playhead, live.Position);
        Assert.InRange(live.Answered!.Value, live.Position, live.Position + Budget);
        var missing = feed.MissingFrames;
        Play(3_000);
        Assert.Equal(missing, feed.MissingFrames);
        Assert.All(heard.Index().Where(sample => sample.Index < full || sample.Index > 2_100), sample => Assert.Equal(sample.Index < Budget ? 0 : handed[sample.Index - Budget], sample.Item));

        void Play(int end)
        {
            while (feed.Playhead < end)
            {
                Answer();
                sent.Release(sent.WriteFrame);
                live.Follow(feed);
                CallMono(50);
            }
        }

        void Answer()
        {
            answered.Release(Math.Max(answered.ReleaseFrame, Math.Min(live.Position, feed.Playhead) - Budget));
            for (var frame = answered.WriteFrame; frame < sent.WriteFrame; frame++)
            {
                handed.Add(sent.Memory(frame, 1).Span[0]);
                answered.Memory(frame, 1).Span[0] = handed[^1];
            }

            answered.Publish(sent.WriteFrame);
        }

        void CallMono(int frames)
        {
            var block = new float[frames];
            feed.Process(default, default, new AudioBuffer(block, 1, frames, frames));
            heard.AddRange(block);
        }
    }

    [Fact]
    public void What_cannot_be_rendered_any_more_is_silent_and_says_why()
    {
        Tell(10_000, Transport(0, 500));
        Make(999);
        _live.Follow(_feed);
        _renderers.FailsAtFrame = 300;
        Call(200);
        Assert.Null(_live.Failure);
        Call(200);
        Call(200);
        Assert.Contains("failing at frame 300", _live.Failure!.Message, StringComparison.Ordinal);
        _live.Follow(_feed);
        Call(200);
        Assert.All(_heard[^400..], sample => Assert.Equal(0, sample));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whenever_each_of_them_comes_to_it_what_is_no_gap_is_right(int seed)
    {
        // The callback as fast as it can, now and then ahead of what is known; the loop and who tells of events each on a thread of its own.
        const long End = 60_000;
        var random = new Random(seed);
        _events.Add(Transport(0, 500));
        for (var frame = 10L; frame < End; frame += random.Next(1, 400))
        {
            _events.Add(Parameter(frame, random.NextDouble()));
        }

        using var done = new CancellationTokenSource();
        var playing = Task.Run(
            () =>
            {
                while (_feed.Playhead < End - 500)
                {
                    Assert.True(SpinWait.SpinUntil(() => _rings.All(ring => ring.WriteFrame >= _feed.Playhead + 100), Wait.Deadline), $"nothing is made at frame {_feed.Playhead}, {_live.Position}: {_live.Failure}");
                    // Mostly as a device that the loop keeps up with; it may have given back one block too late.
                    Assert.True(_feed.Playhead / 96 % 8 == 0 || SpinWait.SpinUntil(() => _live.Position >= _feed.Playhead - 96, Wait.Deadline), $"nobody catches up at frame {_feed.Playhead}, {_live.Position}: {_live.Failure}");
                    Call(96);
                }

                done.Cancel();
            },
            Wait.Token);
        var telling = Task.Run(
            () =>
            {
                for (var at = 0; at < _events.Count && !done.IsCancellationRequested; at++)
                {
                    _live.Tell([_events[at]], at + 1 < _events.Count ? _events[at + 1].Frame : End);
                    SpinWait.SpinUntil(() => _feed.Playhead + 300 > _events[at].Frame || done.IsCancellationRequested);
                }
            },
            Wait.Token);
        while (!done.IsCancellationRequested && !playing.IsCompleted)
        {
            _live.Follow(_feed);
            Make(Math.Min(End, Math.Min(_live.Position, _feed.Playhead) + Capacity));
        }

        await Wait.For(playing);
        await Wait.For(telling);
        Assert.Null(_live.Failure);
        var check = HeardCheck.Of([.. _heard], Expected(_heard.Count / 2), 2, 96);
        Assert.Equal((check.MissingFrames, check.LateBlocks), (_feed.MissingFrames, _feed.LateBlocks));
        Assert.InRange(check.LateBlocks, 1, (_heard.Count / 2 / 96) - 50);
    }

    private static TransportEvent Transport(long frame, long projectFrame) => new() { Frame = frame, Sequence = 0, ProjectFrame = projectFrame, IsPlaying = true };

    private static ParameterEvent Parameter(long frame, double value) => new() { Frame = frame, Sequence = 1, NodeId = "p", Parameter = "add", Value = value };

    private static float Sample(int ring, long frame, int channel) => 1 + (((frame * 7) + (ring * 31) + (channel * 13)) % 101 / 101f);

    private void Tell(long knownBefore, params RenderEvent[] events)
    {
        _events.AddRange(events);
        _live.Tell(events, knownBefore);
    }

    private void Make(long end, params int[] rings)
    {
        foreach (var at in rings.Length == 0 ? [0, 1] : rings)
        {
            var ring = _rings[at];
            ring.Release(Math.Min(Math.Min(_live.Position, _feed.Playhead), ring.WriteFrame));
            for (var frame = ring.WriteFrame; frame < end; frame++)
            {
                for (var channel = 0; channel < ring.AudioChannels; channel++)
                {
                    ring.Memory(frame, 1).Span[channel] = Sample(at, frame, channel);
                }
            }

            ring.Publish(Math.Max(end, ring.WriteFrame));
        }
    }

    private void Call(int frames, OutputFeed? feed = null)
    {
        var block = new float[2 * frames];
        (feed ?? _feed).Process(default, default, new AudioBuffer(block, 2, frames, frames));
        for (var frame = 0; frame < frames; frame++)
        {
            _heard.Add(block[frame]);
            _heard.Add(block[frames + frame]);
        }
    }

    /// <summary>What one renderer makes of the events and of everything that was ever in the rings.</summary>
    private float[] Expected(int frames)
    {
        using var renderer = (FakeRenderer)_renderers.Create(Plan, new FakeMedia());
        foreach (var change in _events.OrderBy(change => change.Frame))
        {
            renderer.Apply(change);
        }

        var failsAt = _renderers.FailsAtFrame;
        _renderers.FailsAtFrame = long.MaxValue;
        var made = new float[2 * frames];
        for (var start = 0; start < frames; start += Block)
        {
            var count = Math.Min(Block, frames - start);
            ReadOnlyMemory<float>[] inputs = [.. _rings.Select((ring, at) => (ReadOnlyMemory<float>)Enumerable.Range(0, count).SelectMany(frame => Enumerable.Range(0, ring.AudioChannels).Select(channel => Sample(at, start + frame, channel))).ToArray())];
            renderer.Render(count, inputs, new[] { made.AsMemory(2 * start, 2 * count) });
        }

        _renderers.FailsAtFrame = failsAt;
        return made;
    }

    /// <summary>All that was heard from a frame on is right, but for a gap and the fade after it.</summary>
    private void AssertHeard(int startFrame, int gapStart = 0, int gapEnd = 0)
    {
        var expected = Expected(startFrame + (_heard.Count / 2))[(2 * startFrame)..];
        for (var at = 0; at < expected.Length; at++)
        {
            Assert.True(expected[at] == _heard[at] || (at / 2 >= gapStart && at / 2 < gapEnd), $"{_heard[at]} at frame {startFrame + (at / 2)}, where {expected[at]} is due");
        }
    }
}
