using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Cluster.Timeline;

namespace Loophole.DawProject;

/// <summary>A project as a graph, and what could not be taken over as it stands.</summary>
public sealed record DawProjectGraphResult
{
    /// <summary>The graph, in frames.</summary>
    public required AudioGraph Graph { get; init; }

    /// <summary>The tempo that the frames were found with.</summary>
    public required TempoMap Tempo { get; init; }

    /// <summary>The time signatures, for display.</summary>
    public required TimeSignatureMap TimeSignatures { get; init; }

    /// <summary>What sounds different from what the file says, or has no effect; those of reading first, in the order of the file.</summary>
    public required ImmutableArray<DawProjectReport> Reports { get; init; }

    /// <summary>The plugins that audio passes through, <c>name (format identifier)</c>, each once, in Channel order.</summary>
    public required ImmutableArray<string> MissingPlugins { get; init; }

    /// <summary>The audio files that the graph plays, each once, in the order of their first use.</summary>
    public required ImmutableArray<MediaId> Media { get; init; }
}
