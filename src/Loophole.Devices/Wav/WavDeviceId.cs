namespace Loophole.Devices.Wav;

/// <summary>What the id of a device says: <c>wav:PATH</c>, and behind it <c>?notes=IN.mid</c>, <c>?input=IN.wav</c>, or both in this order.</summary>
/// <param name="Path">The file that is played into.</param>
/// <param name="NotesPath">The file that the MIDI input comes from, or <see langword="null"/>.</param>
/// <param name="InputPath">The file that the inputs come from, or <see langword="null"/>.</param>
internal sealed record WavDeviceId(string Path, string? NotesPath, string? InputPath)
{
    public const string Host = "wav";

    private const string Notes = "?notes=";
    private const string Input = "?input=";

    /// <returns><see langword="null"/> when the id is another host's, or a path is missing.</returns>
    public static WavDeviceId? Find(string deviceId)
    {
        if (!deviceId.StartsWith(Host + ":", StringComparison.Ordinal))
        {
            return null;
        }

        // The first one divides: what comes behind it is all one path, whatever is in it.
        var (rest, input) = Divide(deviceId[(Host.Length + 1)..], Input);
        var (path, notes) = Divide(rest, Notes);
        return path.Length > 0 && notes is not "" && input is not "" ? new WavDeviceId(path, notes, input) : null;
    }

    private static (string Before, string? After) Divide(string text, string word) =>
        text.IndexOf(word, StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + word.Length)..]) : (text, null);
}
