using Loophole.Cluster.Devices;

namespace Loophole.Pulse;

/// <summary>Which device is played on when nobody says.</summary>
internal static class DeviceChoice
{
    /// <summary>The first device there is, of the hosts in their order; the null device always is.</summary>
    /// <returns>Its id, and why those before it are not used, a sentence each.</returns>
    public static (string Device, IReadOnlyList<string> Reasons) FirstOf(IReadOnlyList<IAudioDeviceHost> hosts)
    {
        var reasons = new List<string>();
        foreach (var host in hosts)
        {
            if (host.UnavailableReason is { } reason)
            {
                reasons.Add($"{host.Name}: {reason}");
            }
            else if (host.List().FirstOrDefault(device => device.OutputChannels > 0) is { } device)
            {
                return (device.Id, reasons);
            }
            else
            {
                reasons.Add($"{host.Name}: it has no device to play on.");
            }
        }

        throw new ArgumentException($"There is no device to play on. {string.Join(" ", reasons)}");
    }
}
