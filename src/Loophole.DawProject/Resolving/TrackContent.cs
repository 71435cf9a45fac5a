using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Resolving;

/// <summary>What a track plays, collected from all over the arrangement.</summary>
internal sealed class TrackContent
{
    public List<AudioPiece> Pieces { get; } = [];

    public List<NoteRegion> Notes { get; } = [];

    public bool IsEmpty => Pieces.Count == 0 && Notes.Count == 0;
}
