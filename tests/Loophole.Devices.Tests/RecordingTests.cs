using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit;
using Loophole.Engine;

namespace Loophole.Devices.Tests;

/// <summary>What is played is in the recording, or counted.</summary>
public sealed class RecordingTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task What_is_played_is_recorded_bit_for_bit()
    {
        var (sink, played) = (new MemorySink(), new List<float>());
        var (callback, recording) = await PlayAsync(sink, blocks: 1000, played);
        await recording.DisposeAsync();
        var result = await recording.Result;
        Assert.Equal(played, sink.Samples);
        Assert.Equal(callback.Frames, result.FrameCount);
        Assert.True(result.IsComplete);
        Assert.True(sink.IsComplete && sink.IsDisposed);
    }

    [Fact]
    public async Task With_the_engines_writer_it_is_a_wav_file()
    {
        var folder = Directory.CreateTempSubdirectory("loophole-devices-");
        try
        {
            var path = Path.Combine(folder.FullName, "played.wav");
            var played = new List<float>();
            var (callback, recording) = await PlayAsync(new WavWriter(path, 2, 48_000), blocks: 50, played);
            await recording.DisposeAsync();
            var result = await recording.Result;
            var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
            var expected = played.SelectMany(BitConverter.GetBytes).ToArray();
            Assert.Equal(expected, bytes[^expected.Length..]);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(expected)), result.Sha256);
            Assert.Equal(callback.Frames, result.FrameCount);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_slow_disk_never_holds_up_the_sound_and_what_is_lost_is_counted()
    {
        var (sink, played) = (new MemorySink(), new List<float>());
        sink.Open.Reset();

        // Room for 0.1 s: 10 blocks. The disk takes none until all are played.
        var (callback, recording) = await PlayAsync(sink, blocks: 100, played, new RecordingOptions { Buffer = TimeSpan.FromMilliseconds(100) });
        Assert.Equal(100, callback.Calls);
        Assert.Equal(90 * 480, recording.LostFrames);
        sink.Open.Set();
        await recording.DisposeAsync();
        var result = await recording.Result;
        Assert.False(result.IsComplete);
        Assert.Equal((10 * 480, 90 * 480), (result.FrameCount, result.LostFrames));
        Assert.Equal(played.Take(10 * 480 * 2), sink.Samples);
    }

    [Fact]
    public async Task A_full_disk_ends_the_recording_and_not_the_sound()
    {
        var sink = new MemorySink { IsFull = true };
        var (callback, recording) = await PlayAsync(sink, blocks: 100, []);
        Assert.Equal(100, callback.Calls);
        Assert.False(recording.Ended.IsCompleted);
        await recording.DisposeAsync();
        Assert.True(recording.Ended.IsCompletedSuccessfully);
        var failure = await Assert.ThrowsAsync<IOException>(() => recording.Result);
        Assert.Contains("disk full", failure.Message, StringComparison.Ordinal);
        Assert.Equal(callback.Frames, recording.LostFrames);
        Assert.True(sink.IsDisposed && !sink.IsComplete);
    }

    [Fact]
    public async Task A_recording_that_was_never_started_leaves_nothing()
    {
        var sink = new MemorySink();
        var recording = new RecordingDevice(OpenNull(), sink, timeProvider: _clock);
        await recording.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => recording.Result);
        Assert.True(sink.IsDisposed && !sink.IsComplete);
    }

    [Fact]
    public async Task What_was_played_before_a_failure_is_kept()
    {
        var sink = new MemorySink();
        var calls = 0;
        var recording = new RecordingDevice(OpenNull(), sink, timeProvider: _clock);
        recording.Start(new Callback((_, output) =>
        {
            output.Channel(0).Fill(1);
            if (++calls == 3)
            {
                throw new InvalidTimeZoneException("a bug of the program");
            }
        }));
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        await Deadline.EndAsync(recording, "the end of the device");
        await recording.DisposeAsync();
        Assert.Equal(2 * 480, (await recording.Result).FrameCount);
    }

    /// <summary>Plays numbers, block by block.</summary>
    private async Task<(Callback Callback, RecordingDevice Recording)> PlayAsync(IRenderSink sink, int blocks, List<float> played, RecordingOptions? options = null)
    {
        var next = 0f;
        var callback = new Callback((_, output) =>
        {
            for (var frame = 0; frame < output.FrameCount; frame++)
            {
                played.Add(output.Channel(0)[frame] = ++next);
                played.Add(output.Channel(1)[frame] = -next);
            }
        });
        var recording = new RecordingDevice(OpenNull(), sink, options, _clock);
        recording.Start(callback);
        for (var block = 1; block <= blocks; block++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            await callback.ReachAsync(block, recording);
        }

        // The calls have been left, so that all is counted.
        await Deadline.WaitAsync(_clock.WaitForTimersAsync(2, TestContext.Current.CancellationToken), "the timers of device and writer");
        return (callback, recording);
    }

    private IAudioDevice OpenNull() => new NullAudioHost(_clock).Open(new AudioDeviceRequest { DeviceId = "null", SampleRate = 48_000, BlockFrames = 480 });
}
