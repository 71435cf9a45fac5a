using Loophole.Cluster.TestKit;

namespace Loophole.Devices.Tests;

/// <summary>The null device under a clock that stands still until told.</summary>
public sealed class NullDeviceTests
{
    private readonly ManualTimeProvider _clock = new();

    [Theory]
    [InlineData(48_000, 64)]
    [InlineData(44_100, 441)]
    [InlineData(44_100, 64)]
    [InlineData(96_000, 1000)]
    public async Task The_clock_decides_how_many_blocks_are_called(int rate, int blockFrames)
    {
        var callback = new Callback();
        await using var device = Open(rate, blockFrames);
        device.Start(callback);
        await ArmedAsync();
        Assert.Equal(0, callback.Calls);
        for (var tenth = 1; tenth <= 20; tenth++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await callback.ReachAsync((long)rate * tenth / 10 / blockFrames, device);
        }

        await ArmedAsync();
        Assert.Equal((long)rate * 2 / blockFrames, callback.Calls);
        Assert.Equal(0, device.Xruns);
    }

    [Fact]
    public async Task A_block_is_called_when_its_last_frame_is_due_and_not_before()
    {
        var callback = new Callback();
        await using var device = Open(48_000, 480);
        device.Start(callback);
        await ArmedAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(10) - TimeSpan.FromTicks(1));
        Assert.Equal(1, _clock.ArmedTimers);
        Assert.Equal(0, callback.Calls);
        _clock.Advance(TimeSpan.FromTicks(1));
        await callback.ReachAsync(1, device);
    }

    [Fact]
    public async Task Late_by_a_second_is_caught_up()
    {
        var callback = new Callback();
        await using var device = Open(48_000, 480);
        device.Start(callback);
        await ArmedAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await callback.ReachAsync(100, device);
        Assert.Equal(0, device.Xruns);
    }

    [Fact]
    public async Task Late_by_more_is_an_xrun_and_is_skipped()
    {
        using var leave = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callback = new Callback((_, _) =>
        {
            entered.TrySetResult();
            leave.Wait(Deadline.Default);
        });
        await using var device = Open(48_000, 480);
        device.Start(callback);
        await ArmedAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        await Deadline.WaitAsync(entered.Task, "the first call");
        _clock.Advance(TimeSpan.FromMilliseconds(1020));
        leave.Set();

        // The first, and the newest of the 102 that were due meanwhile.
        await callback.ReachAsync(2, device);
        await ArmedAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        await callback.ReachAsync(3, device);
        await ArmedAsync();
        Assert.Equal(3, callback.Calls);
        Assert.Equal(1, device.Xruns);
    }

    [Fact]
    public void There_is_one_null_device()
    {
        var host = new NullAudioHost();
        Assert.Null(host.UnavailableReason);
        Assert.Equal("null", Assert.Single(host.List()).Id);
        Assert.Throws<ArgumentException>(() => host.Open(new AudioDeviceRequest { DeviceId = "jack" }));
        Assert.Throws<ArgumentException>(() => host.Open(new AudioDeviceRequest { DeviceId = "null", OutputChannels = 0 }));
        Assert.Equal(AudioDeviceError.NotFound, Assert.Throws<AudioDeviceException>(() => host.Open(new AudioDeviceRequest { DeviceId = "null:other" })).Error);
    }

    private Task ArmedAsync() => Deadline.WaitAsync(_clock.WaitForTimersAsync(1, TestContext.Current.CancellationToken), "the device's timer");

    private IAudioDevice Open(int rate, int blockFrames) =>
        new NullAudioHost(_clock).Open(new AudioDeviceRequest { DeviceId = "null", SampleRate = rate, BlockFrames = blockFrames });
}
