using System.Collections.Immutable;

namespace Loophole.Cluster.Graph;

/// <summary>Plays the clips of a track: adds them to what reaches it.</summary>
public sealed record LaneStreamNode : GraphNode
{
    /// <summary>Audio, in any order; overlapping regions add up in the order given here.</summary>
    public ImmutableArray<ClipRegion> Regions { get; init; } = [];

    /// <summary>Notes, for an instrument further down; silent as long as there is none.</summary>
    public ImmutableArray<NoteRegion> Notes { get; init; } = [];
}
