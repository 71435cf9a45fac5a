using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>Markers.</summary>
public sealed record DawMarkers : DawTimeline
{
    /// <summary>The markers.</summary>
    public ImmutableArray<DawMarker> Markers { get; init; } = [];

    internal override string ElementName => "Markers";
}
