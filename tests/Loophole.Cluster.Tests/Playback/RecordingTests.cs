using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Playback;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Tests.Playback;

public sealed class RecordingTests
{
    private readonly FakeSinks _sinks = new();
    private readonly Counter _counter = new();

    [Fact]
    public async Task What_was_put_out_is_written_to_the_last_frame()
    {
        using var sink = _sinks.Create("out.wav", 2, 48_000);
        await using var recording = new Recording(sink, 2, 1_000, TimeProvider.System);
        for (var call = 0; call < 50; call++)
        {
            Call(new RecordedCallback(_counter, recording), 100);
            await Wait.Until(() => _sinks.Samples.Count >= (call - 8) * 200, "the disk keeping up");
        }

        Assert.NotEmpty(await Wait.For(recording.CompleteAsync()));
        Assert.Equal(Enumerable.Range(0, 5_000).SelectMany(frame => new[] { frame, -(float)frame }), _sinks.Samples);
        Assert.Equal(0, recording.LostFrames);
    }

    [Fact]
    public async Task What_the_disk_is_too_slow_for_is_left_out_and_counted()
    {
        using var sink = _sinks.Create("out.wav", 2, 48_000);
        // On a clock that stands, nothing is written before the end.
        await using var recording = new Recording(sink, 2, 1_000, new ManualTimeProvider());
        for (var call = 0; call < 12; call++)
        {
            Call(new RecordedCallback(_counter, recording), 90);
        }

        await Wait.For(recording.CompleteAsync());
        Assert.Equal(80, recording.LostFrames);
        Assert.Equal(Enumerable.Range(0, 1_000).SelectMany(frame => new[] { frame, -(float)frame }), _sinks.Samples);
    }

    [Fact]
    public async Task One_that_is_given_up_looks_no_further_and_completes_nothing()
    {
        using var sink = _sinks.Create("out.wav", 2, 48_000);
        var time = new ManualTimeProvider();
        var recording = new Recording(sink, 2, 1_000, time);
        await Wait.Until(() => time.ArmedTimers == 1, "the timer of the recording");
        await Wait.For(recording.DisposeAsync().AsTask());
        Assert.Equal(0, time.ArmedTimers);
        Assert.False(_sinks.IsComplete);
    }

    private static void Call(RecordedCallback callback, int frames)
    {
        var block = new float[2 * frames];
        callback.Process(default, default, new AudioBuffer(block, 2, frames, frames));
    }

    private sealed class Counter : IAudioCallback
    {
        private int _frame;

        public void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output)
        {
            for (var frame = 0; frame < output.FrameCount; frame++, _frame++)
            {
                output.Channel(0)[frame] = _frame;
                output.Channel(1)[frame] = -_frame;
            }
        }
    }
}
