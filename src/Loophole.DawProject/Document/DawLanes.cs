using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>Timelines that run side by side.</summary>
public sealed record DawLanes : DawTimeline
{
    /// <summary>The timelines.</summary>
    public ImmutableArray<DawTimeline> Lanes { get; init; } = [];

    internal override string ElementName => "Lanes";
}
