using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>What <c>play --json</c> said of a performance that was recorded.</summary>
internal sealed record PlayOutcome(string Device, string Sha256, long Frames, long LateBlocks, long MissingFrames, long Xruns, long LostFrames, ImmutableArray<string>? CallbackFaults, ImmutableArray<NodeOutcome> Nodes, int Failovers, ImmutableArray<string> Reports)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Reads the report and holds it to the file.</summary>
    public static PlayOutcome Read(PulseOutcome outcome, string recording)
    {
        Assert.True(outcome.ExitCode == 0, $"Exit code {outcome.ExitCode}: {outcome.Errors}");
        var line = Assert.Single(outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var report = JsonSerializer.Deserialize<PlayOutcome>(line, Json)!;
        report.IsIn(recording);
        Assert.Empty(Assert.NotNull(report.CallbackFaults));
        return report;
    }

    /// <summary>Holds the report to a file of what was heard.</summary>
    public void IsIn(string file)
    {
        var samples = File.ReadAllBytes(file).AsSpan();
        samples = samples[(samples.IndexOf("data"u8) + 8)..];
        Assert.Equal((Frames - LostFrames) * 2 * sizeof(float), samples.Length);
        Assert.Equal(Sha256, Convert.ToHexStringLower(SHA256.HashData(samples)));
        Assert.Equal([file], TestFolder.TracesOf(file));
    }
}
