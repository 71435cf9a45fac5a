using System.Collections.Immutable;

namespace Loophole.Cluster.Graph;

/// <summary>A signal path: its inputs are summed, pass its Nodes in order, and leave by one main output.</summary>
public sealed record Channel
{
    /// <summary>Opaque, unique in the graph, stable for the session.</summary>
    public required string Id { get; init; }

    /// <summary>What the user calls it; need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for. Has no influence on the sound.</summary>
    public ChannelRole Role { get; init; } = ChannelRole.Regular;

    /// <summary>Audio channels, 1 to 64. Default 2.</summary>
    public int AudioChannels { get; init; } = 2;

    /// <summary>The Nodes, in the order the signal meets them.</summary>
    public ImmutableArray<GraphNode> Nodes { get; init; } = [];

    /// <summary>The Channel that the main output feeds, or <see langword="null"/> for none.</summary>
    public string? OutputChannelId { get; init; }

    /// <summary>Must stay on the host (live input, open editor, user's choice); so must everything downstream.</summary>
    public bool IsHostOnly { get; init; }

    /// <summary>What it hears of the audio device; <see langword="null"/> for nothing.</summary>
    public ChannelInput? Input { get; init; }

    /// <summary>What its instruments hear of the audio device; <see langword="null"/> for nothing.</summary>
    public NoteInput? Notes { get; init; }

    /// <summary>Budget of its inserts in frames, 1 or more: consecutive Nodes that are <see cref="GraphNode.IsLatencyTolerant"/> form one insert, and what comes out of it is late by exactly
    /// this, wherever the Nodes run and however fast. 0, the default, for no inserts.</summary>
    public int InsertFrames { get; init; }

    /// <summary>Is rendered in the audio callback when it is played (live input, open editor, user's choice); so is everything downstream. What it plays of clips is rendered ahead
    /// all the same. Never changes the sound.</summary>
    public bool IsLive { get; init; }
}
