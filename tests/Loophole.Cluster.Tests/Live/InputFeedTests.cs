using Loophole.Cluster.Audio;
using Loophole.Cluster.Live;
using Loophole.Cluster.Playback;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Live;

public sealed class InputFeedTests
{
    private const int Capacity = 1_000;
    private const int Start = 70;

    private int _missing;

    [Fact]
    public void What_was_heard_is_there_at_its_frame_and_before_it_there_is_silence()
    {
        var feed = new InputFeed(2, [1, 0], Capacity, Start, take: null);
        for (var frame = Start; frame < 5_000; frame += 90)
        {
            Write(feed, frame, 90);
            Assert.Equal(frame + 90, feed.There);
            // This block, and what is just not overwritten yet.
            AssertRead(feed, frame, 90);
            AssertRead(feed, Math.Max(0, frame + 90 - Capacity), 90);
        }

        Assert.Equal(0, _missing);
    }

    [Fact]
    public void One_channel_of_the_device_can_be_all_and_what_the_device_lacks_is_silent()
    {
        var (mono, lacking) = (new InputFeed(2, [1], Capacity, 0, take: null), new InputFeed(2, [0, 5], Capacity, 0, take: null));
        Write(mono, 0, 50);
        Write(lacking, 0, 50);
        Assert.Equal(Enumerable.Range(0, 50).SelectMany(frame => new[] { Kept(frame, 1), Kept(frame, 1) }), mono.Read(0, 50, 0, ref _missing).ToArray());
        Assert.Equal(Enumerable.Range(0, 50).SelectMany(frame => new[] { Kept(frame, 0), 0 }), lacking.Read(0, 50, 0, ref _missing).ToArray());
        var unheard = new InputFeed(1, [0], Capacity, 0, take: null);
        unheard.Write(default, 50);
        Assert.Equal(new float[50], unheard.Read(0, 50, 0, ref _missing).ToArray());
        Assert.Equal(0, _missing);
    }

    [Fact]
    public void What_is_read_too_late_is_silent_and_missing()
    {
        var feed = new InputFeed(2, [1, 0], Capacity, 0, take: null);
        for (var frame = 0; frame < 1_080; frame += 90)
        {
            Write(feed, frame, 90);
        }

        Assert.Equal(new float[2 * 30], feed.Read(79, 30, 0, ref _missing).ToArray());
        Assert.Equal(30, _missing);
        _missing = 0;
        AssertRead(feed, 80, 30);
        Assert.Equal(0, _missing);
    }

    [Fact]
    public async Task Whenever_it_is_overwritten_while_it_is_read_it_is_right_or_missing()
    {
        var feed = new InputFeed(2, [1, 0], Capacity, 0, take: null);
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(
            () =>
            {
                for (var frame = 0L; !enough.IsCancellationRequested; frame += 90)
                {
                    Write(feed, frame, 90);
                }
            },
            Wait.Token);
        var (right, missed) = (0, 0);
        try
        {
            await Wait.Until(
                () =>
                {
                    var isMissing = IsMissingAtTheEdge(feed);
                    (right, missed) = (right + (isMissing ? 0 : 1), missed + (isMissing ? 1 : 0));
                    return right >= 1_000 && missed >= 10;
                },
                "what is just there, and what is just not");
        }
        finally
        {
            await enough.CancelAsync();
        }

        await Wait.For(writing);
    }

    [Fact]
    public async Task A_take_is_what_is_heard_bit_for_bit()
    {
        var sinks = new FakeSinks();
        using var sink = sinks.Create("take", 2, 48_000);
        await using var recording = new Recording(sink, 2, 10_000, new ManualTimeProvider());
        var feed = new InputFeed(2, [1, 0], Capacity, 0, recording);
        for (var frame = 0; frame < 4_950; frame += 90)
        {
            Write(feed, frame, 90);
        }

        await Wait.For(recording.CompleteAsync());
        Assert.Equal(
            Enumerable.Range(0, 4_950).SelectMany(frame => new[] { Kept(frame, 1), Kept(frame, 0) }).Select(BitConverter.SingleToInt32Bits),
            sinks.Takes["take"].Select(BitConverter.SingleToInt32Bits));
        Assert.Contains(Enumerable.Range(0, 4_950), frame => FakeDevices.FakeDevice.Input(frame, 0) is 0f && float.IsNegative(FakeDevices.FakeDevice.Input(frame, 0)));
        Assert.Contains(Enumerable.Range(0, 4_950), frame => float.IsNaN(FakeDevices.FakeDevice.Input(frame, 0)));
    }

    /// <summary>Reads what is overwritten next, once anything is.</summary>
    private static bool IsMissingAtTheEdge(InputFeed feed)
    {
        SpinWait.SpinUntil(() => feed.There >= Capacity);
        var frame = feed.There - Capacity + 30;
        var frames = feed.Contiguous(frame, 90);
        var missing = 0;
        var read = feed.Read(frame, frames, 0, ref missing).Span;
        for (var at = 0; at < frames && missing == 0; at++)
        {
            Assert.Equal((Kept(frame + at, 1), Kept(frame + at, 0)), (read[2 * at], read[(2 * at) + 1]));
        }

        return missing > 0;
    }

    private static float Kept(long frame, int channel)
    {
        var sample = FakeDevices.FakeDevice.Input(frame, channel);
        return float.IsFinite(sample) && sample != 0 ? sample : 0;
    }

    private static void Write(InputFeed feed, long start, int frames)
    {
        var block = new AudioBuffer(new float[2 * frames], 2, frames, frames);
        for (var frame = 0; frame < frames; frame++)
        {
            block.Channel(0)[frame] = FakeDevices.FakeDevice.Input(start + frame, 0);
            block.Channel(1)[frame] = FakeDevices.FakeDevice.Input(start + frame, 1);
        }

        feed.Write(block, frames);
    }

    private void AssertRead(InputFeed feed, long start, int frames)
    {
        for (var done = 0; done < frames;)
        {
            var piece = feed.Contiguous(start + done, frames - done);
            var read = feed.Read(start + done, piece, 0, ref _missing).Span;
            for (var at = 0; at < piece; at++)
            {
                var frame = start + done + at;
                Assert.Equal(frame < Start ? (0, 0) : (Kept(frame, 1), Kept(frame, 0)), (read[2 * at], read[(2 * at) + 1]));
            }

            done += piece;
        }
    }
}
