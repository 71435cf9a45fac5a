using Loophole.Cluster.Media;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Timeline;

namespace Loophole.Devices.Tests;

/// <summary>The device that plays into a file, under a clock that stands still until told.</summary>
public sealed class WavDeviceTests : IDisposable
{
    private const int Rate = 48_000;
    private const int BlockFrames = 480;

    /// <summary>What fits between the callback and the disk.</summary>
    private const int RingBlocks = 401;

    private readonly ManualTimeProvider _clock = new();
    private readonly WavFolder _folder = new();
    private readonly WavFiles _files = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 48_000, 64)]
    [InlineData(2, 44_100, 441)]
    [InlineData(5, 96_000, 1000)]
    public async Task The_file_has_what_the_callback_has_written_bit_for_bit(int channels, int rate, int blockFrames)
    {
        var calls = rate / blockFrames * 2;
        var written = WavFolder.Noise(channels, calls * blockFrames);
        written[0][1] = -0f;
        written[0][2] = float.Epsilon;
        var at = 0;
        var callback = new Callback((_, output) =>
        {
            for (var channel = 0; channel < channels; channel++)
            {
                written[channel].AsSpan(at, blockFrames).CopyTo(output.Channel(channel));
            }

            at += blockFrames;
        });
        var device = Open(_files, _files, "out.wav", channels, rate: rate, blockFrames: blockFrames);
        device.Start(callback);
        await PlayAsync(device, callback, calls);
        Assert.DoesNotContain("out.wav", _folder.Files);
        await device.DisposeAsync();
        Assert.True(device.Ended.IsCompletedSuccessfully);
        Assert.Equal(0, device.Xruns);
        AssertSame([.. written.Select(samples => samples[..at])], _folder.Read("out.wav"));
        Assert.Equal(["out.wav"], _folder.Files);
    }

    [Fact]
    public async Task Notes_are_heard_at_the_frames_of_their_file()
    {
        MidiMessage[] notes = [new(0, MidiMessage.NoteOn, 60, 1), new(479, MidiMessage.NoteOn, 61, 1), new(480, MidiMessage.NoteOff, 60, 0), new(480, MidiMessage.NoteOn, 62, 1), new(5_000, MidiMessage.PitchBend, 3, 4)];
        using (var sink = new MidiFiles().Create(_folder.Path("in.mid"), Rate))
        {
            foreach (var note in notes)
            {
                sink.Write(note);
            }

            sink.Complete();
        }

        var callback = new Callback();
        await using var device = Open(_files, _files, $"out.wav?notes={_folder.Path("in.mid")}", hearsNotes: true);
        Assert.True(device.Format.HearsNotes);
        device.Start(callback);
        await PlayAsync(device, callback, 20);
        Assert.Equal(notes, callback.Notes);
    }

    [Fact]
    public async Task Without_a_file_of_notes_the_device_says_that_it_hears_none()
    {
        await using var device = Open(_files, _files, "out.wav", hearsNotes: true);
        Assert.False(device.Format.HearsNotes);
    }

    [Fact]
    public void A_file_of_notes_that_is_not_there_is_named()
    {
        var refused = Assert.Throws<AudioDeviceException>(() => Open(_files, _files, "out.wav?notes=no.mid", hearsNotes: true));
        Assert.Equal(AudioDeviceError.NotFound, refused.Error);
        Assert.Contains("no.mid", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("out.wav", _folder.Files);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public async Task Inputs_are_the_files_samples_from_the_first_call_on_and_then_silence(int inFile, int asked)
    {
        // More than is read ahead at once, to the midst of a block; then silence.
        const int Calls = 30;
        const int LongBlock = 8192;
        var recorded = WavFolder.Noise(inFile, (27 * LongBlock) + 17);
        _folder.Write("in.wav", Rate, recorded);
        var heard = Enumerable.Range(0, asked).Select(_ => new List<float>()).ToArray();
        var callback = new Callback((input, _) =>
        {
            for (var channel = 0; channel < input.ChannelCount; channel++)
            {
                heard[channel].AddRange(input.Channel(channel));
                input.Channel(channel).Fill(9);
            }
        });
        await using (var device = Open(_files, _files, $"out.wav?input={_folder.Path("in.wav")}", inputs: asked, blockFrames: LongBlock))
        {
            device.Start(callback);
            await PlayAsync(device, callback, Calls);
        }

        var silence = new float[Calls * LongBlock];
        AssertSame(
            [.. Enumerable.Range(0, asked).Select(channel => channel < inFile ? [.. recorded[channel], .. silence[recorded[channel].Length..]] : silence)],
            [.. heard.Select(samples => samples.ToArray())]);
    }

    [Fact]
    public async Task Without_a_file_the_inputs_are_silent()
    {
        var sounds = 0;
        var callback = new Callback((input, _) =>
        {
            sounds += input.Channel(0).IndexOfAnyExcept(0f) < 0 ? 0 : 1;
            input.Channel(0).Fill(9);
        });
        await using var device = Open(_files, _files, "out.wav", inputs: 1);
        device.Start(callback);
        await PlayAsync(device, callback, 3);
        Assert.Equal(0, sounds);
    }

    [Fact]
    public async Task A_slow_disk_holds_the_calls_back_and_loses_nothing()
    {
        var sink = new FakeSink();
        sink.Gate.Reset();
        var callback = Counting();
        var device = Open(sink, _files, "out.wav", channels: 1);
        device.Start(callback);
        await PlayAsync(device, callback, RingBlocks);
        await Deadline.WaitAsync(sink.Entered, "the first write");
        _clock.Advance(TimeSpan.FromSeconds(1));
        sink.Gate.Set();
        await callback.ReachAsync(RingBlocks + 100, device);
        await device.DisposeAsync();
        Assert.Equal(0, device.Xruns);
        Assert.True(sink.IsComplete);
        Assert.Equal(Enumerable.Range(0, (RingBlocks + 100) * BlockFrames).Select(frame => (float)frame), sink.Samples);
    }

    [Fact]
    public async Task What_an_xrun_skips_is_missing_in_neither_file()
    {
        var sink = new FakeSink();
        var source = new FakeSource(frames: 100 * Rate, readable: 100 * Rate);
        using var leave = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callback = new Callback((input, output) =>
        {
            input.Channel(0).CopyTo(output.Channel(0));
            entered.TrySetResult();
            leave.Wait(Deadline.Default);
        });
        var device = Open(sink, source, "out.wav?input=in.wav", channels: 1, inputs: 1);
        device.Start(callback);
        await ArmedAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        await Deadline.WaitAsync(entered.Task, "the first call");
        _clock.Advance(TimeSpan.FromMilliseconds(1020));
        leave.Set();

        // The first, and the newest of the 102 that were due meanwhile.
        await callback.ReachAsync(2, device);
        await PlayAsync(device, callback, 3);
        await device.DisposeAsync();
        Assert.Equal(1, device.Xruns);
        Assert.Equal(Enumerable.Range(1, 3 * BlockFrames).Select(frame => (float)frame), sink.Samples);
    }

    [Fact]
    public async Task A_disk_that_refuses_ends_the_device_and_nothing_is_completed()
    {
        var refusal = new IOException("out.wav cannot be written: no space left.");
        var sink = new FakeSink { WriteFailure = refusal };
        var callback = new Callback();
        var device = Open(sink, _files, "out.wav");
        device.Start(callback);
        await PlayAsync(device, callback, 1);
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        var end = await Deadline.EndAsync(device, "the end of a device whose disk is full");
        Assert.Equal((AudioDeviceError.Unknown, refusal.Message), (end.Error, end.Message));
        Assert.Same(refusal, end.InnerException);
        await device.DisposeAsync();
        Assert.Equal((false, true), (sink.IsComplete, sink.IsDisposed));
    }

    [Fact]
    public async Task What_cannot_be_written_at_the_last_is_how_the_device_ended()
    {
        foreach (var sink in new[] { new FakeSink { WriteFailure = new IOException("full") }, new FakeSink { CompleteFailure = new IOException("full") } })
        {
            var callback = new Callback();
            var device = Open(sink, _files, "out.wav");
            device.Start(callback);

            // Before the disk looks for the first time.
            await PlayAsync(device, callback, 1);
            Assert.False(device.Ended.IsCompleted);
            await device.DisposeAsync();
            var end = await Deadline.EndAsync(device, "the end of a device whose file is not there");
            Assert.Equal((AudioDeviceError.Unknown, "full"), (end.Error, end.Message));
            Assert.Equal((false, true), (sink.IsComplete, sink.IsDisposed));
        }
    }

    [Fact]
    public async Task An_input_that_breaks_off_ends_the_device_and_leaves_no_file()
    {
        var source = new FakeSource(frames: 100 * Rate, readable: 5 * Rate);
        var callback = new Callback();
        var device = Open(_files, source, "out.wav?input=in.wav", inputs: 1);
        device.Start(callback);
        await PlayAsync(device, callback, 99);

        // The next call makes room for what cannot be read, and the disk looks after it at the latest.
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        await Task.WhenAny(callback.ReachAsync(100, device), device.Ended);
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        var end = await Deadline.EndAsync(device, "the end of a device whose input is shorter than it said");
        Assert.Equal((AudioDeviceError.Unknown, "in.wav was cut short while it was open."), (end.Error, end.Message));
        await device.DisposeAsync();
        Assert.True(source.IsDisposed);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task An_input_that_cannot_be_read_at_all_is_refused_when_it_starts()
    {
        var device = Open(_files, new FakeSource(frames: Rate, readable: 0), "out.wav?input=in.wav", inputs: 1);
        var refused = Assert.Throws<AudioDeviceException>(() => device.Start(new Callback()));
        Assert.Equal((AudioDeviceError.Unknown, "in.wav was cut short while it was open."), (refused.Error, refused.Message));
        Assert.Same(refused, await Deadline.EndAsync(device, "the same refusal"));
        await device.DisposeAsync();
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task A_device_that_fails_or_never_runs_leaves_what_was_there_before()
    {
        await File.WriteAllTextAsync(_folder.Path("out.wav"), "older", TestContext.Current.CancellationToken);
        await Open(_files, _files, "out.wav").DisposeAsync();
        var device = Open(_files, _files, "out.wav");
        device.Start(new Callback((_, _) => throw new InvalidTimeZoneException("a bug of the program")));
        await ArmedAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        await Deadline.EndAsync(device, "the end of a device whose callback threw");
        await device.DisposeAsync();
        Assert.Equal(["out.wav"], _folder.Files);
        Assert.Equal("older", await File.ReadAllTextAsync(_folder.Path("out.wav"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_id_is_divided_at_the_first_input()
    {
        _folder.Write("in?input=x.wav", Rate, [[0.5f]]);
        var heard = 0f;
        var callback = new Callback((input, _) => heard += input.Channel(0)[0]);
        await using (var device = Open(_files, _files, $"what?.wav?input={_folder.Path("in?input=x.wav")}", inputs: 1))
        {
            device.Start(callback);
            await PlayAsync(device, callback, 1);
        }

        Assert.Equal(0.5f, heard);
        Assert.Contains("what?.wav", _folder.Files);
    }

    [Theory]
    [InlineData(AudioDeviceError.NotFound, "names no file", "wav")]
    [InlineData(AudioDeviceError.NotFound, "names no file", "wav:")]
    [InlineData(AudioDeviceError.NotFound, "names no file", "wav:?input=FOLDER/in.wav")]
    [InlineData(AudioDeviceError.NotFound, "names no file", "wav:FOLDER/out.wav?input=")]
    [InlineData(AudioDeviceError.NotFound, "FOLDER/gone.wav", "wav:FOLDER/out.wav?input=FOLDER/gone.wav")]
    [InlineData(AudioDeviceError.NotFound, "FOLDER/gone/in.wav", "wav:FOLDER/out.wav?input=FOLDER/gone/in.wav")]
    [InlineData(AudioDeviceError.RateRefused, "44100 Hz", "wav:FOLDER/out.wav?input=FOLDER/in.wav")]
    [InlineData(AudioDeviceError.Unknown, "FOLDER/no.wav", "wav:FOLDER/out.wav?input=FOLDER/no.wav")]
    [InlineData(AudioDeviceError.Unknown, "FOLDER cannot be read", "wav:FOLDER/out.wav?input=FOLDER")]
    [InlineData(AudioDeviceError.Unknown, "FOLDER/gone/out.wav", "wav:FOLDER/gone/out.wav")]
    [InlineData(AudioDeviceError.Unknown, "it is a folder", "wav:FOLDER")]
    public async Task What_cannot_be_opened_is_refused_by_its_name_and_leaves_nothing(AudioDeviceError error, string named, string id)
    {
        _folder.Write("in.wav", 44_100, [[0.5f]]);
        await File.WriteAllTextAsync(_folder.Path("no.wav"), "OggS, and some more text", TestContext.Current.CancellationToken);
        var host = new WavAudioHost(_files, _files, _clock);
        var folder = _folder.Path("").TrimEnd('/');
        var refused = Assert.Throws<AudioDeviceException>(() => host.Open(new AudioDeviceRequest { DeviceId = id.Replace("FOLDER", folder, StringComparison.Ordinal), SampleRate = Rate, InputChannels = 1 }));
        Assert.Equal(error, refused.Error);
        Assert.Contains(named.Replace("FOLDER", folder, StringComparison.Ordinal), refused.Message, StringComparison.Ordinal);
        Assert.Equal(["in.wav", "no.wav"], _folder.Files);
    }

    [Fact]
    public void There_must_be_something_to_play()
    {
        var host = new WavAudioHost(_files, _files);
        Assert.Throws<ArgumentException>(() => host.Open(new AudioDeviceRequest { DeviceId = $"wav:{_folder.Path("out.wav")}", OutputChannels = 0, InputChannels = 1 }));
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task The_rate_is_that_of_the_input_when_none_is_asked_for()
    {
        var host = new WavAudioHost(_files, _files);
        _folder.Write("in.wav", 44_100, [[0.5f]]);
        await using var with = host.Open(new AudioDeviceRequest { DeviceId = $"wav:{_folder.Path("out.wav")}?input={_folder.Path("in.wav")}" });
        await using var without = host.Open(new AudioDeviceRequest { DeviceId = $"wav:{_folder.Path("out.wav")}" });
        Assert.Equal((44_100, 48_000), (with.Format.SampleRate, without.Format.SampleRate));
    }

    [Fact]
    public void One_entry_stands_for_all_files()
    {
        var host = new WavAudioHost(_files, _files);
        Assert.Null(host.UnavailableReason);
        var entry = Assert.Single(host.List());
        Assert.Equal("wav:PATH", entry.Id);
        Assert.Contains("?input=IN.wav", entry.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_an_id_is_told()
    {
        Assert.Equal("a b.wav", WavAudioHost.FindPath("wav:a b.wav?input=c.wav"));
        Assert.All(["null", "wav", "wav:", "wave:x.wav"], id => Assert.Null(WavAudioHost.FindPath(id)));
    }

    /// <summary>A callback that plays 0, 1, 2, …</summary>
    private static Callback Counting()
    {
        var frame = 0;
        return new Callback((_, output) =>
        {
            foreach (ref var sample in output.Channel(0))
            {
                sample = frame++;
            }
        });
    }

    private static void AssertSame(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (samples, others) in expected.Zip(actual))
        {
            Assert.Equal(samples.Select(BitConverter.SingleToUInt32Bits), others.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    /// <summary>Advances the clock block by block, each when the last was called.</summary>
    private async Task PlayAsync(IAudioDevice device, Callback callback, long calls)
    {
        // Rounded up by less than a tick, which does not add up to a block in any test here.
        var block = TimeSpan.FromTicks(((device.Format.BlockFrames * TimeSpan.TicksPerSecond) + device.Format.SampleRate - 1) / device.Format.SampleRate);
        for (var call = callback.Calls + 1; call <= calls; call++)
        {
            await ArmedAsync();
            _clock.Advance(block);
            await callback.ReachAsync(call, device);
        }
    }

    /// <summary>The device has set its timer besides the disk's, which always is.</summary>
    private Task ArmedAsync() => Deadline.WaitAsync(_clock.WaitForTimersAsync(2, TestContext.Current.CancellationToken), "the device's timers");

    private IAudioDevice Open(IRenderSinkFactory sinks, ISampleSourceFactory sources, string file, int channels = 2, int inputs = 0, int rate = Rate, int blockFrames = BlockFrames, bool hearsNotes = false) =>
        new WavAudioHost(sinks, sources, _clock).Open(new AudioDeviceRequest
        {
            DeviceId = $"wav:{_folder.Path(file)}",
            SampleRate = rate,
            BlockFrames = blockFrames,
            OutputChannels = channels,
            InputChannels = inputs,
            HearsNotes = hearsNotes,
        });
}
