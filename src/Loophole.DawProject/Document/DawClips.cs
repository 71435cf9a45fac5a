using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>Clips placed in time.</summary>
public sealed record DawClips : DawTimeline
{
    /// <summary>The clips.</summary>
    public ImmutableArray<DawClip> Clips { get; init; } = [];

    internal override string ElementName => "Clips";
}
