using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>Bends the time of what is in it.</summary>
public sealed record DawWarps : DawTimeline
{
    /// <summary>What is bent.</summary>
    public DawTimeline? Content { get; init; }

    /// <summary>The unit of the times inside.</summary>
    public required DawTimeUnit ContentTimeUnit { get; init; }

    /// <summary>Which time inside is which time outside, by growing time; straight lines between.</summary>
    public ImmutableArray<DawWarp> Warps { get; init; } = [];

    internal override string ElementName => "Warps";
}
