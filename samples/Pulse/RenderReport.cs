using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Loophole.Cluster;
using Loophole.Cluster.Endpoint;
using Loophole.Cluster.Trust;

namespace Loophole.Pulse;

/// <summary>What <c>--json</c> prints.</summary>
/// <param name="Sha256">Hash of the sample data as stored.</param>
/// <param name="Frames">Frames in the file.</param>
/// <param name="Channels">Audio channels in the file.</param>
/// <param name="SampleRate">Frames per second.</param>
/// <param name="Seconds">How long the render took.</param>
/// <param name="RealtimeFactor">Length of the audio ÷ <paramref name="Seconds"/>.</param>
/// <param name="Nodes">The Signals, the host first, those that refused last.</param>
/// <param name="Failovers">Subgraphs that went on elsewhere.</param>
/// <param name="MissingPlugins">Plugins that pass audio through because they are not here.</param>
/// <param name="Reports">What was read otherwise than it was meant, or not at all, and which rules kept the project from a Signal.</param>
internal sealed record RenderReport(
    string Sha256,
    long Frames,
    int Channels,
    int SampleRate,
    double Seconds,
    double RealtimeFactor,
    ImmutableArray<NodeReport> Nodes,
    int Failovers,
    ImmutableArray<string> MissingPlugins,
    ImmutableArray<string> Reports);

/// <summary>A Signal in a <see cref="RenderReport"/>. One that refused has its address for a name, no process and no transport.</summary>
internal sealed record NodeReport(string Name, int Pid, string Transport, int Subgraphs, long Blocks, double RenderSeconds, long PeakMemoryBytes, string Lost)
{
    public static NodeReport Of(NodeResult node) =>
        new(node.Name, node.ProcessId, node.Transport, node.Subgraphs, node.Blocks, Math.Round(node.RenderSeconds, 3), node.PeakMemoryBytes, node.LostReason);
}

/// <summary>What <c>demo --json</c> prints.</summary>
internal sealed record DemoReport(bool Equal, RenderReport Distributed, RenderReport Local);

/// <summary>What <c>trust --json</c> prints.</summary>
internal sealed record TrustReport(TrustRules Rules, ImmutableArray<TrustedPeer> Peers);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RenderReport))]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(PlayReport))]
[JsonSerializable(typeof(TrustReport))]
[JsonSerializable(typeof(DevicesReport))]
[JsonSerializable(typeof(SessionReport))]
[JsonSerializable(typeof(PlanReport))]
[JsonSerializable(typeof(NodesReport))]
[JsonSerializable(typeof(NodeChangeReport))]
[JsonSerializable(typeof(ClusterReport))]
[JsonSerializable(typeof(ServeReport))]
[JsonSerializable(typeof(TransportState))]
internal sealed partial class ReportJson : JsonSerializerContext;
