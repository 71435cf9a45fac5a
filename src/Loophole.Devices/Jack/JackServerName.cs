using Loophole.Cluster.Devices;

namespace Loophole.Devices.Jack;

/// <summary>How devices and servers are called: <c>jack</c> is the default server, <c>jack:NAME</c> the one of that name.</summary>
internal static class JackServerName
{
    public const string Host = "jack";

    /// <summary>Where servers keep the sockets by which clients find them.</summary>
    private const string Sockets = "/dev/shm";

    /// <summary>The name that JACK's library is told; <see langword="null"/> for none, so that it decides.</summary>
    public static string? Of(AudioDeviceRequest request) => request.DeviceId.Length > Host.Length + 1 ? request.DeviceId[(Host.Length + 1)..] : null;

    public static string Device(string? server) => server is null ? Host : $"{Host}:{server}";

    /// <summary>The servers that may run here, of whichever user, the default one aside. One that was killed leaves its socket behind.</summary>
    public static IEnumerable<string> Found()
    {
        if (!Directory.Exists(Sockets))
        {
            return [];
        }

        // jack_NAME_USER_NUMBER; a name may have such strokes itself.
        return Directory.EnumerateFiles(Sockets, "jack_*_*_0")
            .Select(path => Path.GetFileName(path).Split('_'))
            .Where(parts => parts.Length >= 4 && parts[^2].All(char.IsAsciiDigit))
            .Select(parts => string.Join('_', parts[1..^2]))
            .Where(name => name != JackServerClaim.DefaultServer)
            .Distinct()
            .Order(StringComparer.Ordinal);
    }
}
