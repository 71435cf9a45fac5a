using Loophole.Cluster.Audio;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Tests.Playback;

public sealed class OutputFeedTests
{
    private const int Capacity = 1_000;

    private readonly FrameRing _ring = new(2, Capacity, startFrame: 0);
    private readonly List<(float Left, float Right)> _heard = [];

    [Fact]
    public void What_is_there_is_played_as_it_is_also_over_the_end_of_the_ring()
    {
        var feed = new OutputFeed(_ring, startFrame: 100);
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
        var feed = new OutputFeed(_ring, startFrame: 0);
        Make(150);
        Call(feed, 100);
        Call(feed, 100);
        Call(feed, 100);
        Assert.Equal((150L, 2L, 300L), (feed.MissingFrames, feed.LateBlocks, feed.Playhead));
        Assert.All(_heard.Take(150).Index(), heard => Assert.Equal(Sample(heard.Index), heard.Item));
        Assert.All(_heard.Skip(150 + OutputFeed.FadeFrames), heard => Assert.Equal((0f, 0f), heard));
        AssertNoStep(149, 300);
    }

    [Fact]
    public void What_comes_back_comes_at_its_own_frame_and_fades_in()
    {
        var feed = new OutputFeed(_ring, startFrame: 0);
        Make(100);
        Call(feed, 100);
        Call(feed, 100);
        Make(400);
        Call(feed, 100);
        Call(feed, 100);
        Assert.All(_heard.Index().Skip(200 + OutputFeed.FadeFrames), heard => Assert.Equal(Sample(heard.Index), heard.Item));
        AssertNoStep(99, 400);
        Assert.Equal((100L, 1L), (feed.MissingFrames, feed.LateBlocks));
    }

    [Fact]
    public void A_gap_that_begins_within_the_fade_in_begins_at_what_was_heard()
    {
        var feed = new OutputFeed(_ring, startFrame: 0);
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
        var feed = new OutputFeed(_ring, startFrame: 0);
        Make(20);
        var one = new float[10];
        feed.Process(default, new AudioBuffer(one, 1, 10, 10));
        Assert.Equal(Enumerable.Range(0, 10).Select(frame => Sample(frame).Left), one);
        var three = new float[30];
        feed.Process(default, new AudioBuffer(three, 3, 10, 10));
        Assert.Equal(Enumerable.Range(10, 10).Select(frame => Sample(frame).Right), three[10..20]);
        Assert.All(three[20..], sample => Assert.Equal(0f, sample));
    }

    [Fact]
    public void Nothing_is_allocated_whether_something_is_there_or_not()
    {
        var feed = new OutputFeed(_ring, startFrame: 0);
        var block = new float[2 * 64];
        feed.Process(default, new AudioBuffer(block, 2, 64, 64));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 1_000; call++)
        {
            if (call % 3 != 0)
            {
                _ring.Publish(Math.Max(_ring.WriteFrame, feed.Playhead + 64));
            }

            feed.Process(default, new AudioBuffer(block, 2, 64, 64));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(feed.LateBlocks > 300);
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
        feed.Process(default, new AudioBuffer(block, 2, frames, frames));
        _heard.AddRange(Enumerable.Range(0, frames).Select(frame => (block[frame], block[frames + frame])));
    }

    private void AssertNoStep(int from, int end)
    {
        for (var frame = from + 1; frame < end; frame++)
        {
            Assert.InRange(Math.Abs(_heard[frame].Left - _heard[frame - 1].Left), 0, 1.05f / OutputFeed.FadeFrames);
            Assert.InRange(Math.Abs(_heard[frame].Right - _heard[frame - 1].Right), 0, 1.05f / OutputFeed.FadeFrames);
        }
    }
}
