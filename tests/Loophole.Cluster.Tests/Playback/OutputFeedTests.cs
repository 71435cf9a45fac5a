using Loophole.Cluster.Audio;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Rings;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Playback;

[Collection(nameof(Alone))]
public sealed class OutputFeedTests
{
    private const int Capacity = 1_000;

    private readonly FrameRing _ring = new(2, Capacity, startFrame: 0);
    private readonly List<(float Left, float Right)> _heard = [];

    [Fact]
    public void What_is_there_is_played_as_it_is_also_over_the_end_of_the_ring()
    {
        var feed = new OutputFeed(new EdgeFeed(_ring), startFrame: 100);
        for (var frame = 0; frame < 5_000; frame += 100)
        {
            Make(frame + 100);
            if (frame >= 100)
            {
                Call(feed, 100);
                _ring.Release(feed.Playhead);
            }
        }

        Assert.Equal(4_900, _heard.Count);
        Assert.All(_heard.Index(), heard => Assert.Equal(Sample(100 + heard.Index), heard.Item));
        Assert.Equal((0L, 0L), (feed.MissingFrames, feed.LateBlocks));
    }

    [Fact]
    public void What_is_missing_fades_out_is_silent_and_is_counted()
    {
        var feed = new OutputFeed(new EdgeFeed(_ring), startFrame: 0);
        Make(150);
        Call(feed, 100);
        Call(feed, 100);
        Call(feed, 100);
        Assert.Equal((150L, 2L, 300L), (feed.MissingFrames, feed.LateBlocks, feed.Playhead));
        Assert.All(_heard.Take(150).Index(), heard => Assert.Equal(Sample(heard.Index), heard.Item));
        Assert.All(_heard.Skip(150 + GapFade.Frames), heard => Assert.Equal((0f, 0f), heard));
        AssertNoStep(149, 300);
    }

    [Fact]
    public void What_comes_back_comes_at_its_own_frame_and_fades_in()
    {
        var feed = new OutputFeed(new EdgeFeed(_ring), startFrame: 0);
        Make(100);
        Call(feed, 100);
        Call(feed, 100);
        Make(400);
        Call(feed, 100);
        Call(feed, 100);
        Assert.All(_heard.Index().Skip(200 + GapFade.Frames), heard => Assert.Equal(Sample(heard.Index), heard.Item));
        AssertNoStep(99, 400);
        Assert.Equal((100L, 1L), (feed.MissingFrames, feed.LateBlocks));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void A_gap_that_is_shorter_than_a_fade_comes_back_from_where_it_has_come_to(int missing)
    {
        var feed = new OutputFeed(new EdgeFeed(_ring), startFrame: 0);
        Make(100);
        Call(feed, 100 + missing);
        Make(400);
        Call(feed, 100);
        AssertNoStep(99, 200 + missing);
        Assert.All(_heard.Index().Skip(100 + (2 * missing)), heard => Assert.Equal(Sample(heard.Index), heard.Item));
    }

    [Fact]
    public void A_gap_that_begins_within_the_fade_in_begins_at_what_was_heard()
    {
        var feed = new OutputFeed(new EdgeFeed(_ring), startFrame: 0);
        Make(100);
        Call(feed, 100);
        Call(feed, 100);
        Make(210);
        Call(feed, 100);
        AssertNoStep(99, 300);
    }

    [Fact]
    public void A_device_with_fewer_or_more_channels_gets_what_it_has()
    {
        var feed = new OutputFeed(new EdgeFeed(_ring), startFrame: 0);
        Make(20);
        var one = new float[10];
        feed.Process(default, default, new AudioBuffer(one, 1, 10, 10));
        Assert.Equal(Enumerable.Range(0, 10).Select(frame => Sample(frame).Left), one);
        var three = new float[30];
        feed.Process(default, default, new AudioBuffer(three, 3, 10, 10));
        Assert.Equal(Enumerable.Range(10, 10).Select(frame => Sample(frame).Right), three[10..20]);
        Assert.All(three[20..], sample => Assert.Equal(0f, sample));
    }

    [Fact]
    public void Another_signal_goes_on_where_the_first_was_in_a_gap()
    {
        // Within the fade, and in silence.
        foreach (var missing in new[] { 20, 100 })
        {
            var ring = new FrameRing(2, Capacity, startFrame: 0);
            var feed = new OutputFeed(new EdgeFeed(ring), startFrame: 0);
            ring.Publish(0);
            _heard.Clear();
            _ring.Rewind(0);
            Make(400);
            feed.Turn(new EdgeFeed(_ring));
            Call(feed, 100);
            Assert.True(feed.IsBetweenCalls);
            feed.Turn(new EdgeFeed(ring));
            Call(feed, missing);
            feed.Turn(new EdgeFeed(_ring));
            Call(feed, 200);
            AssertNoStep(99, 300);
            Assert.Equal((missing, 1L), (feed.MissingFrames, feed.LateBlocks));
            Assert.All(_heard.Index().Skip(100 + missing + GapFade.Frames), heard => Assert.Equal(Sample(heard.Index), heard.Item));
        }
    }

    [Fact]
    public void Nothing_is_allocated_whether_something_is_there_or_not()
    {
        var feed = new OutputFeed(new EdgeFeed(_ring), startFrame: 0);
        var block = new float[2 * 64];
        feed.Process(default, default, new AudioBuffer(block, 2, 64, 64));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 1_000; call++)
        {
            if (call % 3 != 0)
            {
                _ring.Publish(Math.Max(_ring.WriteFrame, feed.Playhead + 64));
            }

            feed.Process(default, default, new AudioBuffer(block, 2, 64, 64));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(feed.LateBlocks > 300);
    }

    [Fact]
    public void A_hold_stops_at_its_frame_and_ends_where_it_is_ended()
    {
        var feed = new OutputFeed(new EdgeFeed(_ring), startFrame: 0);
        Make(400);
        Assert.True(feed.TryHold(150));
        Call(feed, 100);
        Call(feed, 100);
        Assert.Equal((50L, 1L), (feed.MissingFrames, feed.LateBlocks));
        feed.GoOn();
        Call(feed, 100);
        Assert.Equal((50L, 1L), (feed.MissingFrames, feed.LateBlocks));
        Assert.All(_heard.Take(150).Index(), heard => Assert.Equal(Sample(heard.Index), heard.Item));
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    public void What_is_played_already_cannot_be_held(long frame, bool isHeld)
    {
        var feed = new OutputFeed(new EdgeFeed(_ring), startFrame: 0);
        Make(400);
        Call(feed, 100);
        Assert.Equal(isHeld, feed.TryHold(frame));
        Call(feed, 100);
        Assert.Equal(isHeld ? 1 : 0, feed.LateBlocks);
    }

    [Fact]
    public async Task What_is_put_in_the_place_of_something_is_heard_from_its_frame_on_and_nothing_of_what_it_replaced()
    {
        // The callback on a thread of its own, as fast as it can, against cuts at frames that it is just getting to. A sample on the way
        // into or out of a gap is at most 63/64 of one, so it is told from every value.
        var feed = new OutputFeed(new EdgeFeed(_ring), startFrame: 0);
        var cuts = new List<(long Frame, float Value)> { (0, 0.99f) };
        var heard = new List<float>();
        using var done = new CancellationTokenSource();
        Fill(_ring, 0, 0.99f);
        var playing = Task.Run(
            () =>
            {
                var block = new float[2 * 16];
                while (!done.IsCancellationRequested)
                {
                    feed.Process(default, default, new AudioBuffer(block, 2, 16, 16));
                    heard.AddRange(block.AsSpan(0, 16));
                    // Never ahead of what is there, as a device would not be.
                    SpinWait.SpinUntil(() => feed.Playhead + 16 <= _ring.WriteFrame || done.IsCancellationRequested);
                }
            },
            Wait.Token);
        var started = TimeProvider.System.GetTimestamp();
        for (var round = 1; cuts.Count < 2_000; round++)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Wait.Deadline, $"{cuts.Count} cuts only");
            var frame = Math.Min(feed.Playhead + (round % 40), _ring.WriteFrame);
            if (feed.TryHold(frame))
            {
                _ring.Rewind(frame);
                cuts.RemoveAll(cut => cut.Frame >= frame);
                cuts.Add((frame, 0.99f + (round % 20_000 * 4e-7f)));
                feed.GoOn();
            }

            Fill(_ring, feed.Playhead, cuts[^1].Value);
        }

        await done.CancelAsync();
        await playing;
        var whole = 0;
        for (var (index, cut) = (0, 0); index < heard.Count; index++)
        {
            while (cut + 1 < cuts.Count && cuts[cut + 1].Frame <= index)
            {
                cut++;
            }

            if (heard[index] >= 0.99f)
            {
                Assert.True(heard[index] == cuts[cut].Value, $"{heard[index]} at frame {index}, where {cuts[cut]} is due");
                whole++;
            }
        }

        Assert.True(whole > heard.Count / 4, $"{whole} of {heard.Count} samples");
    }

    private static void Fill(FrameRing ring, long playhead, float value)
    {
        ring.Release(Math.Min(playhead, ring.WriteFrame));
        var end = ring.WriteLimit;
        for (var frame = ring.WriteFrame; frame < end; frame++)
        {
            ring.Memory(frame, 1).Span.Fill(value);
        }

        ring.Publish(end);
    }

    // Far from silence everywhere, and nearly level: a step is a fault of the feed.
    private static (float Left, float Right) Sample(long frame) => (0.5f + (frame * 1e-5f), -0.5f - (frame * 1e-5f));

    private void Make(long end)
    {
        for (var frame = _ring.WriteFrame; frame < end; frame++)
        {
            (_ring.Memory(frame, 1).Span[0], _ring.Memory(frame, 1).Span[1]) = Sample(frame);
        }

        _ring.Publish(end);
    }

    private void Call(OutputFeed feed, int frames)
    {
        var block = new float[2 * frames];
        feed.Process(default, default, new AudioBuffer(block, 2, frames, frames));
        _heard.AddRange(Enumerable.Range(0, frames).Select(frame => (block[frame], block[frames + frame])));
    }

    private void AssertNoStep(int from, int end)
    {
        for (var frame = from + 1; frame < end; frame++)
        {
            Assert.InRange(Math.Abs(_heard[frame].Left - _heard[frame - 1].Left), 0, 1.05f / GapFade.Frames);
            Assert.InRange(Math.Abs(_heard[frame].Right - _heard[frame - 1].Right), 0, 1.05f / GapFade.Frames);
        }
    }
}
