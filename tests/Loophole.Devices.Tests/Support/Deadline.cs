namespace Loophole.Devices.Tests.Support;

/// <summary>Waits that end, and say what was missing.</summary>
internal static class Deadline
{
    /// <summary>Far beyond what anything takes on a busy machine: whoever waits longer hangs.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(60);

    public static async Task WaitAsync(Task task, string missing)
    {
        try
        {
            await task.WaitAsync(Default, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"After {Default.TotalSeconds} s: {missing}");
        }
    }

    /// <summary>The exception with which a device has ended.</summary>
    public static async Task<AudioDeviceException> EndAsync(IAudioDevice device, string missing) =>
        await Assert.ThrowsAsync<AudioDeviceException>(() => WaitAsync(device.Ended, missing));
}
