using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Playback;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Playback;

public sealed class TimedCallbackTests
{
    private const int SampleRate = 48_000;

    [Fact]
    public void Before_the_first_call_there_is_nothing()
    {
        var times = new TimedCallback(new Slow(new ManualTimeProvider()), SampleRate, new ManualTimeProvider()).Times;
        Assert.Equal((0L, 0L, TimeSpan.Zero, 0L), (times.Calls, times.OverPeriod, times.Longest, times.LongestAt));
    }

    [Fact]
    public void The_longest_call_is_known_and_those_longer_than_their_block_are_counted()
    {
        var time = new ManualTimeProvider();
        var slow = new Slow(time);
        var timed = new TimedCallback(slow, SampleRate, time);

        // 48 frames are 1,000 µs.
        foreach (var (frames, took) in ((int, int)[])[(48, 400), (48, 999), (48, 1_000), (48, 1_001), (96, 1_500), (48, 300)])
        {
            slow.Took = TimeSpan.FromMicroseconds(took);
            timed.Process(default, [], new AudioBuffer(new float[frames], 1, frames, frames));
        }

        Assert.Equal((6L, 1L, TimeSpan.FromMicroseconds(1_500), 5L), (timed.Times.Calls, timed.Times.OverPeriod, timed.Times.Longest, timed.Times.LongestAt));
    }

    [Fact]
    public void Collections_since_it_was_made_are_counted()
    {
        GC.Collect();
        var timed = new TimedCallback(new Slow(new ManualTimeProvider()), SampleRate, new ManualTimeProvider());
        GC.Collect();
        Assert.NotEqual(0, timed.Times.Collections);
        Assert.True(timed.Times.Paused > TimeSpan.Zero);
    }

    private sealed class Slow(ManualTimeProvider time) : IAudioCallback
    {
        public TimeSpan Took { get; set; }

        public void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output) => time.Advance(Took);
    }
}
