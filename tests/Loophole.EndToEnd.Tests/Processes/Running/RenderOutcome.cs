using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Loophole.EndToEnd.Tests.Processes.Running;

/// <summary>What <c>render --json</c> said of a file that was written.</summary>
internal sealed record RenderOutcome(string Sha256, long Frames, int SampleRate, ImmutableArray<NodeOutcome> Nodes, int Failovers)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Reads the report and holds it to the file.</summary>
    public static RenderOutcome Read(PulseOutcome outcome, string output)
    {
        Assert.True(outcome.ExitCode == 0, $"Exit code {outcome.ExitCode}: {outcome.Errors}");
        var line = Assert.Single(outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var report = JsonSerializer.Deserialize<RenderOutcome>(line, Json)!;
        var samples = File.ReadAllBytes(output).AsSpan();
        samples = samples[(samples.IndexOf("data"u8) + 8)..];
        Assert.Equal(report.Frames * 2 * sizeof(float), samples.Length);
        Assert.Equal(report.Sha256, Convert.ToHexStringLower(SHA256.HashData(samples)));
        Assert.Equal([output], TestFolder.TracesOf(output));
        File.Delete(output);
        return report;
    }

    public NodeOutcome Node(int process) => Nodes.Single(node => node.Pid == process);
}

/// <summary>What it said of a node.</summary>
internal sealed record NodeOutcome(string Name, int Pid, string Transport, int Subgraphs, long Blocks, double RenderSeconds, long PeakMemoryBytes, string Lost);
