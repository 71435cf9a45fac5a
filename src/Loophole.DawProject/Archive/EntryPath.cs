namespace Loophole.DawProject.Archive;

/// <summary>Paths inside the archive.</summary>
internal static class EntryPath
{
    /// <summary>Whether an entry's name stays inside the archive and is spelt as ZIP demands: relative, with forward slashes.</summary>
    public static bool IsSafeEntry(string name) => !name.Contains('\\', StringComparison.Ordinal) && TryNormalize(name, out _);

    /// <summary>Makes the path of a reference comparable: forward slashes, no <c>.</c> steps.</summary>
    /// <returns>Whether the path stays inside the archive.</returns>
    public static bool TryNormalize(string path, out string normalized)
    {
        normalized = "";
        var slashed = path.Replace('\\', '/');
        if (slashed.Length == 0 || slashed[0] == '/' || slashed.Contains('\0', StringComparison.Ordinal) || (slashed.Length > 1 && slashed[1] == ':' && char.IsAsciiLetter(slashed[0])))
        {
            return false;
        }

        var steps = slashed.Split('/');
        if (steps.Contains(".."))
        {
            return false;
        }

        normalized = string.Join('/', steps.Where(step => step.Length > 0 && step != "."));
        return normalized.Length > 0;
    }
}
