namespace Loophole.Tests;

/// <summary>Reads the dumps in <c>docs/wire-format.md</c>; part of every test project.</summary>
internal static class Documentation
{
    public static byte[] Bytes(string marker)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "wire-format.md"));
        return [.. lines.SkipWhile(l => l != $"```hex {marker}").Skip(1).TakeWhile(l => l != "```")
            .SelectMany(l => Convert.FromHexString(l.Split('|')[0][6..].Replace(" ", "", StringComparison.Ordinal)))];
    }
}
