using System.Collections.Immutable;

namespace Loophole.Cluster.Graph;

/// <summary>Plays the clips of a track: adds them to what reaches it.</summary>
public sealed record LaneStreamNode : GraphNode
{
    /// <summary>Audio, in any order; overlapping regions add up in the order given here.</summary>
    public ImmutableArray<ClipRegion> Regions { get; init; } = [];

    /// <summary>Whether the regions' frames are those of the Node's own time, which never stops and never jumps, and not project frames: what was recorded of a device is played like that.</summary>
    public bool IsTake { get; init; }

    /// <summary>Notes, in any order, for every instrument of its Channel (<c>ProcessorDescriptor.PlaysNotes</c>); silent as long as there is none.</summary>
    public ImmutableArray<NoteRegion> Notes { get; init; } = [];
}
