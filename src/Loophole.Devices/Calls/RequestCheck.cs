using Loophole.Cluster.Devices;

namespace Loophole.Devices.Calls;

/// <summary>What is checked of a request before anything is opened.</summary>
internal static class RequestCheck
{
    /// <exception cref="ArgumentException">The request has no audio channel at all, or the id is another host's.</exception>
    public static void Of(AudioDeviceRequest request, string host)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.DeviceId != host && !request.DeviceId.StartsWith(host + ":", StringComparison.Ordinal))
        {
            throw new ArgumentException($"\"{request.DeviceId}\" is no device of {host}.", nameof(request));
        }

        if (request.InputChannels + request.OutputChannels == 0)
        {
            throw new ArgumentException("A device needs an input or an output channel.", nameof(request));
        }
    }
}
