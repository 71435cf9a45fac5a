namespace Loophole.Devices.Wav;

/// <summary>What the id of a device says: <c>wav:PATH</c> or <c>wav:PATH?input=IN.wav</c>.</summary>
/// <param name="Path">The file that is played into.</param>
/// <param name="InputPath">The file that the inputs come from, or <see langword="null"/>.</param>
internal sealed record WavDeviceId(string Path, string? InputPath)
{
    public const string Host = "wav";

    private const string Input = "?input=";

    /// <returns><see langword="null"/> when the id is another host's, or a path is missing.</returns>
    public static WavDeviceId? Find(string deviceId)
    {
        if (!deviceId.StartsWith(Host + ":", StringComparison.Ordinal))
        {
            return null;
        }

        // The first one divides: what comes behind it is all one path, whatever is in it.
        var paths = deviceId[(Host.Length + 1)..];
        var id = paths.IndexOf(Input, StringComparison.Ordinal) is >= 0 and var at
            ? new WavDeviceId(paths[..at], paths[(at + Input.Length)..])
            : new WavDeviceId(paths, null);
        return id.Path.Length > 0 && id.InputPath is not "" ? id : null;
    }
}
