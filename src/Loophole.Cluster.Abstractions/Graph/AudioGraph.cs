using System.Collections.Immutable;

namespace Loophole.Cluster.Graph;

/// <summary>The whole processing graph of a project, resolved to frames. Immutable; Pulse owns it.</summary>
/// <remarks>Project frames: frame 0 is the start of the project. Tempo is already resolved; nothing here is in beats.</remarks>
public sealed record AudioGraph
{
    /// <summary>Frames per second, 8,000 to 384,000.</summary>
    public required int SampleRate { get; init; }

    /// <summary>Project frames from the start to the end of the last content, 0 or more; without any tail.</summary>
    public required long LengthFrames { get; init; }

    /// <summary>Every Channel, in Channel order. The order is part of the sound: it fixes the order of every sum.</summary>
    public required ImmutableArray<Channel> Channels { get; init; }

    /// <summary>The <see cref="Channel.Id"/> whose output is the project's output (the master).</summary>
    public required string OutputChannelId { get; init; }
}
