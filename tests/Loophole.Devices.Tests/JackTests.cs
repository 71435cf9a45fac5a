using Loophole.Cluster.Timeline;
using Loophole.Devices.Jack;

namespace Loophole.Devices.Tests;

/// <summary>What is JACK's own, against real servers.</summary>
[Collection(JackCollection.Name)]
public sealed class JackTests
{
    private readonly JackAudioHost _host = new();

    [Fact]
    public async Task Output_is_heard_bit_for_bit_by_another_client()
    {
        await using var server = await JackServer.StartAsync(64);
        var heard = new Listener(length: 4096);
        await using var listener = _host.Open(server.Request(outputs: 0, inputs: 1));
        await using var player = _host.Open(server.Request(outputs: 2));
        listener.Start(new Callback((input, _) => heard.Take(input.Channel(0))));
        player.Start(new Callback(Counting()));

        // The second of a name is given another one.
        await server.RunAsync("jack_disconnect", "system:capture_1", "client:in_1");
        await server.RunAsync("jack_connect", "client-01:out_2", "client:in_1");
        await heard.HeardAsync();
    }

    [Fact]
    public async Task Output_is_heard_by_the_own_input()
    {
        await using var server = await JackServer.StartAsync(1024);
        var heard = new Listener(length: 16 * 1024);
        var count = Counting();
        await using var device = _host.Open(server.Request(outputs: 2, inputs: 1));
        device.Start(new Callback((input, output) =>
        {
            heard.Take(input.Channel(0));
            count(input, output);
        }));
        await server.RunAsync("jack_disconnect", "system:capture_1", "client:in_1");
        await server.RunAsync("jack_connect", "client:out_2", "client:in_1");
        await heard.HeardAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_device_is_in_real_time_as_its_server_is(bool isRealTime)
    {
        await using var server = await JackServer.StartAsync(1024, isRealTime);
        await using var device = _host.Open(server.Request());
        Assert.Equal(isRealTime, device.IsRealTime);
    }

    [Fact]
    public async Task Ports_are_connected_to_the_hardwares()
    {
        await using var server = await JackServer.StartAsync(64);
        await using var device = _host.Open(server.Request(outputs: 3, inputs: 1));
        Assert.Equal(128, device.Format.OutputLatencyFrames);
        device.Start(new Callback());
        var ports = string.Join('|', (await server.RunAsync("jack_lsp", "-c")).Split('\n', StringSplitOptions.TrimEntries));
        Assert.Contains("client:out_1|system:playback_1|client:out_2|system:playback_2|client:out_3|", ports, StringComparison.Ordinal);
        Assert.Contains("client:in_1|system:capture_1|", ports, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notes_of_another_client_are_heard_at_their_frames()
    {
        await using var server = await JackServer.StartAsync(1024);
        var callback = new Callback();
        await using var device = _host.Open(server.Request(hearsNotes: true));
        Assert.True(device.Format.HearsNotes);
        device.Start(callback);

        // Two notes, over and over.
        using var sequencer = Needs.Start("jack_midiseq", new Dictionary<string, string> { ["JACK_DEFAULT_SERVER"] = server.Name }, "seq", "4800", "0", "60", "1200", "2400", "63", "1000");
        try
        {
            await server.ConnectAsync("seq:out", "client:midi_in");
            (int, int, long)[] loop = [(MidiMessage.NoteOn, 60, 1200), (MidiMessage.NoteOff, 60, 1200), (MidiMessage.NoteOn, 63, 1000)];
            // A client that comes late to a call misses it, and what was in it; two rounds in a row are not missed for long.
            for (var heard = callback.Notes; !Rounds(heard).Any(round => round.Take(3).SequenceEqual(loop)); heard = callback.Notes)
            {
                await callback.ReachAsync(callback.Calls + 5, device);
            }
        }
        finally
        {
            sequencer.Kill();
            await Deadline.WaitAsync(sequencer.WaitForExitAsync(CancellationToken.None), "the end of jack_midiseq");
        }

        static IEnumerable<(int Kind, int Key, long Frames)[]> Rounds(MidiMessage[] heard) =>
            heard.Zip(heard.Skip(1), (note, next) => ((int)note.Kind, (int)note.Data1, next.Frame - note.Frame)).ToArray() is var steps
                ? Enumerable.Range(0, steps.Length).Select(start => steps[start..])
                : [];
    }

    [Fact]
    public async Task A_server_that_is_killed_is_lost()
    {
        await using var server = await JackServer.StartAsync(64);
        var callback = new Callback();
        await using var device = _host.Open(server.Request());
        device.Start(callback);
        await callback.ReachAsync(10, device);
        server.Kill();
        var end = await Deadline.EndAsync(device, "the loss of the server");
        Assert.Equal(AudioDeviceError.Lost, end.Error);
        Assert.Contains(server.Name, end.Message, StringComparison.Ordinal);
        Assert.False(callback.IsInside);
        await Deadline.WaitAsync(device.DisposeAsync().AsTask(), "the disposal of a lost device");
    }

    [Fact]
    public async Task After_a_loss_another_server_is_opened()
    {
        await using (var first = await JackServer.StartAsync(64))
        {
            await using var device = _host.Open(first.Request());
            device.Start(new Callback());
            first.Kill();
            await Deadline.EndAsync(device, "the loss of the server");
        }

        await using var second = await JackServer.StartAsync(1024);
        var callback = new Callback();
        await using var again = _host.Open(second.Request());
        again.Start(callback);
        await callback.ReachAsync(10, again);
    }

    [Fact]
    public async Task A_server_that_stands_still_does_not_keep_a_device_from_ending()
    {
        await using var server = await JackServer.StartAsync(64);
        var callback = new Callback();
        var device = _host.Open(server.Request());
        device.Start(callback);
        await callback.ReachAsync(10, device);
        server.Stop();
        try
        {
            await Deadline.WaitAsync(device.DisposeAsync().AsTask(), "the disposal of a device whose server stands still");
            var end = await Deadline.EndAsync(device, "its end");
            Assert.Equal(AudioDeviceError.Lost, end.Error);
            Assert.Contains(server.Name, end.Message, StringComparison.Ordinal);
            Assert.Contains("stands still", end.Message, StringComparison.Ordinal);
        }
        finally
        {
            server.Continue();
        }

        // The client goes when the server goes on.
        while ((await server.RunAsync("jack_lsp")).Contains("client:", StringComparison.Ordinal))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task Devices_are_closed_while_memory_is_collected()
    {
        // JACK's library cancels a thread that it still finds running, wherever it is; the collector waits for threads at the edges of a callback.
        await using var server = await JackServer.StartAsync(64);
        using var done = new CancellationTokenSource();
        var collector = Task.Run(
            () =>
            {
                // Something to look through, so that collecting takes longer than a block.
                var kept = Enumerable.Range(0, 500_000).Select(number => new object[] { number }).ToArray();
                while (!done.Token.WaitHandle.WaitOne(1))
                {
                    GC.Collect();
                }

                GC.KeepAlive(kept);
            },
            TestContext.Current.CancellationToken);
        for (var round = 0; round < 10; round++)
        {
            var callback = new Callback();
            var device = _host.Open(server.Request());
            device.Start(callback);
            await callback.ReachAsync(3, device);
            await Deadline.WaitAsync(device.DisposeAsync().AsTask(), "the disposal of a device");
            Assert.False(callback.IsInside);
        }

        await done.CancelAsync();
        await collector;
    }

    [Fact]
    public async Task A_block_size_that_somebody_changes_ends_the_device()
    {
        await using var server = await JackServer.StartAsync(64);
        var (callback, wrong) = (new Callback(), 0);
        var checking = new Callback((_, output) => wrong += output.FrameCount == 64 ? 0 : 1);
        await using var device = _host.Open(server.Request());
        device.Start(checking);
        await checking.ReachAsync(10, device);
        await server.RunAsync("jack_bufsize", "256");
        var end = await Deadline.EndAsync(device, "the end after another block size");
        Assert.Equal(AudioDeviceError.BlockChanged, end.Error);
        Assert.Contains("from 64 to 256", end.Message, StringComparison.Ordinal);
        await device.DisposeAsync();
        Assert.Equal(0, wrong);

        await using var again = _host.Open(new AudioDeviceRequest { DeviceId = server.DeviceId });
        Assert.Equal(256, again.Format.BlockFrames);
        again.Start(callback);
        await callback.ReachAsync(10, again);
    }

    [Fact]
    public async Task Another_rate_and_another_block_size_are_refused_by_number()
    {
        await using var server = await JackServer.StartAsync(64);
        var rate = Assert.Throws<AudioDeviceException>(() => _host.Open(new AudioDeviceRequest { DeviceId = server.DeviceId, SampleRate = 44_100 }));
        Assert.Equal(AudioDeviceError.RateRefused, rate.Error);
        Assert.Contains("48000", rate.Message, StringComparison.Ordinal);
        Assert.Contains("-r 44100", rate.Message, StringComparison.Ordinal);
        var block = Assert.Throws<AudioDeviceException>(() => _host.Open(new AudioDeviceRequest { DeviceId = server.DeviceId, BlockFrames = 128 }));
        Assert.Equal(AudioDeviceError.BlockRefused, block.Error);
        Assert.Contains("jack_bufsize 128", block.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_that_somebody_changes_ends_the_device()
    {
        // No driver at hand changes the rate of a running server: the message alone.
        await using var server = await JackServer.StartAsync(64);
        await using var device = (JackDevice)_host.Open(server.Request());
        device.Start(new Callback());
        Assert.True(device.IsAsOpened(64, 48_000));
        Assert.False(device.Ended.IsCompleted);
        Assert.False(device.IsAsOpened(64, 44_100));
        var end = await Deadline.EndAsync(device, "the end after another rate");
        Assert.Equal(AudioDeviceError.RateChanged, end.Error);
    }

    [Fact]
    public async Task Xruns_are_counted()
    {
        await using var server = await JackServer.StartAsync(1024);
        IAudioDevice? device = null;
        var (calls, isCounted) = (0, false);
        var callback = new Callback((_, _) =>
        {
            // Stays inside until the server has noticed.
            var before = device!.Xruns;
            isCounted |= ++calls == 5 && SpinWait.SpinUntil(() => device.Xruns > before, Deadline.Default);
        });
        await using (device = _host.Open(server.Request()))
        {
            device.Start(callback);
            await callback.ReachAsync(6, device);
            Assert.True(isCounted);
        }
    }

    [Fact]
    public async Task A_second_server_is_refused_while_the_first_has_a_device()
    {
        await using var first = await JackServer.StartAsync(64);
        await using var second = await JackServer.StartAsync(1024);
        var callback = new Callback();
        await using (var device = _host.Open(first.Request()))
        {
            device.Start(callback);
            var refusal = Assert.Throws<AudioDeviceException>(() => _host.Open(second.Request()));
            Assert.Equal(AudioDeviceError.Unavailable, refusal.Error);
            Assert.Contains(first.Name, refusal.Message, StringComparison.Ordinal);
            await callback.ReachAsync(callback.Calls + 10, device);
        }

        await using var free = _host.Open(second.Request());
        Assert.Equal(1024, free.Format.BlockFrames);
    }

    [Fact]
    public async Task Servers_are_listed_and_opened_by_what_the_list_says()
    {
        await using var server = await JackServer.StartAsync(1024);
        Assert.Null(_host.UnavailableReason);
        var info = Assert.Single(_host.List(), device => device.Id == server.DeviceId);
        Assert.Equal((2, 2, 48_000, 1024), (info.InputChannels, info.OutputChannels, info.SampleRate, info.BlockFrames));
        await using var device = _host.Open(new AudioDeviceRequest { DeviceId = info.Id });
        Assert.Equal((48_000, 1024), (device.Format.SampleRate, device.Format.BlockFrames));
    }

    [Fact]
    public async Task A_server_that_does_not_run_is_not_found_and_not_started()
    {
        await using (await JackServer.StartAsync(64))
        {
            // Only to skip where JACK is missing.
        }

        var refusal = Assert.Throws<AudioDeviceException>(() => _host.Open(new AudioDeviceRequest { DeviceId = "jack:nobody-runs-this" }));
        Assert.Equal(AudioDeviceError.NotFound, refusal.Error);
        Assert.Contains("jackd -n nobody-runs-this", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Plays 1, 2, 3, … on the second channel.</summary>
    private static Block Counting()
    {
        var next = 1f;
        return (_, output) =>
        {
            foreach (ref var sample in output.Channel(1))
            {
                sample = next++;
            }
        };
    }
}
