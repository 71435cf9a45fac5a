using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>Notes.</summary>
public sealed record DawNotes : DawTimeline
{
    /// <summary>The notes.</summary>
    public ImmutableArray<DawNote> Notes { get; init; } = [];

    internal override string ElementName => "Notes";
}
