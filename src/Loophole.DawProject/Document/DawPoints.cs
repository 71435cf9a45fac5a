using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>Automation.</summary>
public sealed record DawPoints : DawTimeline
{
    /// <summary>What it moves; some programs leave it out for the tempo.</summary>
    public DawAutomationTarget? Target { get; init; }

    /// <summary>The unit of the values; by default the target's.</summary>
    public DawUnit? Unit { get; init; }

    /// <summary>The points.</summary>
    public ImmutableArray<DawPoint> Points { get; init; } = [];

    internal override string ElementName => "Points";
}
