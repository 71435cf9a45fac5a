using Loophole.Cluster.Devices;

namespace Loophole.Devices.Wav;

/// <summary>What the id of a device says: <c>wav:PATH</c> or <c>wav:PATH?input=IN.wav</c>.</summary>
/// <param name="Path">The file that is written.</param>
/// <param name="InputPath">The file that the inputs come from, or <see langword="null"/>.</param>
internal readonly record struct WavDeviceId(string Path, string? InputPath)
{
    public const string Host = "wav";

    private const string Input = "?input=";

    /// <exception cref="AudioDeviceException"><see cref="AudioDeviceError.NotFound"/>: a path is missing.</exception>
    public static WavDeviceId Of(string deviceId)
    {
        var paths = deviceId.Length > Host.Length ? deviceId[(Host.Length + 1)..] : "";

        // The first one divides: what comes behind it is all one path, whatever is in it.
        var id = paths.IndexOf(Input, StringComparison.Ordinal) is >= 0 and var at
            ? new WavDeviceId(paths[..at], paths[(at + Input.Length)..])
            : new WavDeviceId(paths, null);
        return id.Path.Length > 0 && id.InputPath is not ""
            ? id
            : throw new AudioDeviceException(AudioDeviceError.NotFound, $"\"{deviceId}\" names no file: it is {Host}:PATH, or {Host}:PATH{Input}IN.wav.");
    }
}
