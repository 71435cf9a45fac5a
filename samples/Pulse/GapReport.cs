using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Loophole.Cluster;
using Loophole.Cluster.Graph;

namespace Loophole.Pulse;

/// <summary>Something that was not heard because it was not there in time.</summary>
/// <param name="StartFrame">Where it begins, in frames played.</param>
/// <param name="Frames">How long it was.</param>
/// <param name="Channels">The Channels that were waited for, by name.</param>
/// <param name="Nodes">The Signals that had them.</param>
internal sealed record GapReport(long StartFrame, long Frames, ImmutableArray<string> Channels, ImmutableArray<string> Nodes)
{
    public static GapReport Of(PlayGap gap, AudioGraph graph) =>
        new(gap.StartFrame, gap.Frames ?? 0, [.. gap.ChannelIds.Select(id => graph.Channels.FirstOrDefault(channel => channel.Id == id)?.Name ?? id)], gap.Nodes);

    /// <summary>What was missing, for people.</summary>
    [JsonIgnore]
    public string What => $"{(Channels.IsEmpty ? "a mix" : string.Join(", ", Channels))}{(Nodes.IsEmpty ? "" : $" (on {string.Join(", ", Nodes)})")}";

    /// <summary>It in a line for people.</summary>
    public string Say(int sampleRate) => string.Create(
        CultureInfo.InvariantCulture,
        $"not heard at {(double)StartFrame / sampleRate:0.000} s, for {Frames * 1e3 / sampleRate:0} ms: {What}");
}
