namespace Loophole.Devices.Tests.Contract;

/// <summary>What <see cref="IAudioDevice"/> promises, for any device. One class derives from it for each.</summary>
public abstract class AudioDeviceContract : IAsyncDisposable
{
    protected const int Rate = 48_000;

    /// <summary>Frames of a call.</summary>
    protected abstract int BlockFrames { get; }

    /// <summary>Opens a device of the kind at <see cref="Rate"/>.</summary>
    protected abstract Task<IAudioDevice> OpenAsync(int outputs, int inputs);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task The_format_is_the_one_asked_for()
    {
        await using var device = await OpenAsync(outputs: 2, inputs: 1);
        Assert.Equal(Rate, device.Format.SampleRate);
        Assert.Equal(BlockFrames, device.Format.BlockFrames);
        Assert.Equal(2, device.Format.OutputChannels);
        Assert.Equal(1, device.Format.InputChannels);
        Assert.InRange(device.Format.OutputLatencyFrames, 0, Rate);
    }

    [Fact]
    public async Task A_call_has_a_whole_block_and_cleared_output()
    {
        var wrong = 0;
        var callback = new Callback((input, output) =>
        {
            var isRight = input.ChannelCount == 1 && output.ChannelCount == 2 && input.FrameCount == BlockFrames && output.FrameCount == BlockFrames
                && output.Channel(0).IndexOfAnyExcept(0f) < 0 && output.Channel(1).IndexOfAnyExcept(0f) < 0;
            wrong += isRight ? 0 : 1;
            output.Channel(0).Fill(0.5f);
            output.Channel(1).Fill(-0.5f);
        });
        await using var device = await OpenAsync(outputs: 2, inputs: 1);
        device.Start(callback);
        await callback.ReachAsync(20, device);
        Assert.Equal(0, Volatile.Read(ref wrong));
    }

    [Fact]
    public async Task Without_inputs_there_is_no_input()
    {
        var channels = -1;
        var callback = new Callback((input, _) => Volatile.Write(ref channels, input.ChannelCount));
        await using var device = await OpenAsync(outputs: 1, inputs: 0);
        device.Start(callback);
        await callback.ReachAsync(1, device);
        Assert.Equal(0, Volatile.Read(ref channels));
    }

    [Fact]
    public async Task Calls_come_at_the_rate()
    {
        var callback = new Callback();
        await using var device = await OpenAsync(outputs: 2, inputs: 0);
        device.Start(callback);
        await callback.ReachAsync(10, device);
        var (first, start) = (callback.Frames, TimeProvider.System.GetTimestamp());
        await callback.ReachAsync(10 + (Rate / BlockFrames), device);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;

        // A second's worth. Loosely, as the machine is not the test's own; frames that come as fast as they can, or twice, are far outside.
        Assert.InRange((callback.Frames - first) / seconds, Rate * 0.4, Rate * 1.6);
    }

    [Fact]
    public async Task Calls_allocate_nothing_on_the_audio_thread()
    {
        const int Warm = 100;
        var measured = Math.Max(300, 2 * Rate / BlockFrames);
        var (calls, counted, allocated) = (0, 0, 0L);
        var (pauses, before) = (TimeSpan.Zero, 0L);
        var callback = new Callback((_, output) =>
        {
            output.Channel(0).Fill(0.25f);
            var after = GC.GetAllocatedBytesForCurrentThread();

            // From call to call, so that it is all that the thread does. A collection that begins meanwhile may count what is left of the thread's room as allocated.
            if (++calls > Warm && calls <= Warm + measured && GC.GetTotalPauseDuration() == pauses)
            {
                Volatile.Write(ref counted, counted + 1);
                Volatile.Write(ref allocated, allocated + after - before);
            }

            pauses = GC.GetTotalPauseDuration();
            before = GC.GetAllocatedBytesForCurrentThread();
        });
        await using var device = await OpenAsync(outputs: 2, inputs: 2);
        device.Start(callback);
        await callback.ReachAsync(Warm + measured, device);
        Assert.Equal(0, Volatile.Read(ref allocated));
        Assert.InRange(Volatile.Read(ref counted), 1, int.MaxValue);
    }

    [Fact]
    public async Task Disposal_ends_it_normally_and_for_good()
    {
        var callback = new Callback();
        var device = await OpenAsync(outputs: 2, inputs: 0);
        device.Start(callback);
        await callback.ReachAsync(5, device);
        Assert.False(device.Ended.IsCompleted);
        await device.DisposeAsync();
        Assert.True(device.Ended.IsCompletedSuccessfully);
        var calls = callback.Calls;
        await device.DisposeAsync();
        Assert.Equal(calls, callback.Calls);
        Assert.Throws<ObjectDisposedException>(() => device.Start(callback));
    }

    [Fact]
    public async Task Disposal_waits_for_the_call_under_way()
    {
        using var leave = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callback = new Callback((_, _) =>
        {
            entered.TrySetResult();
            leave.Wait(Deadline.Default);
        });
        var device = await OpenAsync(outputs: 2, inputs: 0);
        device.Start(callback);
        await Deadline.WaitAsync(entered.Task, "the first call");
        var disposal = DisposeAndLookAsync();
        Assert.False(device.Ended.IsCompleted);
        Assert.True(callback.IsInside);
        leave.Set();
        await Deadline.WaitAsync(disposal, "the end of the disposal");
        Assert.False(await disposal, "The device was disposed with a call under way.");
        Assert.Equal(1, callback.Calls);

        async Task<bool> DisposeAndLookAsync()
        {
            await device.DisposeAsync();
            return callback.IsInside;
        }
    }

    [Fact]
    public async Task Devices_are_disposed_while_they_run_again_and_again()
    {
        for (var round = 0; round < 5; round++)
        {
            var callback = new Callback((_, output) => output.Channel(0).Fill(1));
            var device = await OpenAsync(outputs: 2, inputs: 2);
            device.Start(callback);
            await callback.ReachAsync(round, device);
            await device.DisposeAsync();
            Assert.True(device.Ended.IsCompletedSuccessfully);
        }
    }

    [Fact]
    public async Task A_device_that_was_never_started_is_disposed()
    {
        var device = await OpenAsync(outputs: 2, inputs: 0);
        await device.DisposeAsync();
        Assert.True(device.Ended.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task It_starts_once()
    {
        await using var device = await OpenAsync(outputs: 2, inputs: 0);
        Assert.Throws<ArgumentNullException>(() => device.Start(null!));
        device.Start(new Callback());
        Assert.Throws<InvalidOperationException>(() => device.Start(new Callback()));
    }

    [Fact]
    public async Task A_callback_that_throws_ends_the_device_and_nothing_else()
    {
        var calls = 0;
        var callback = new Callback((_, _) =>
        {
            if (Interlocked.Increment(ref calls) == 3)
            {
                throw new InvalidTimeZoneException("a bug of the program");
            }
        });
        var device = await OpenAsync(outputs: 2, inputs: 0);
        device.Start(callback);
        var end = await Deadline.EndAsync(device, "the end of a device whose callback threw");
        Assert.Equal(AudioDeviceError.Unknown, end.Error);
        Assert.IsType<InvalidTimeZoneException>(end.InnerException);
        Assert.Contains("a bug of the program", end.Message, StringComparison.Ordinal);
        await device.DisposeAsync();
        Assert.Equal(3, calls);
        Assert.Same(end, await Deadline.EndAsync(device, "the same end"));
    }
}
