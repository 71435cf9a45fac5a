namespace Loophole.DawProject;

/// <summary>A stretch of a timeline, placed on another one.</summary>
public sealed record DawClip : DawNamedElement
{
    /// <summary>Where it starts, in the unit of the timeline it is on.</summary>
    public required double Time { get; init; }

    /// <summary>Its length, in the same unit.</summary>
    public double? Duration { get; init; }

    /// <summary>The unit of the times inside; by default that around it.</summary>
    public DawTimeUnit? ContentTimeUnit { get; init; }

    /// <summary>Where in the content playing starts.</summary>
    public double? PlayStart { get; init; }

    /// <summary>Where in the content playing stops.</summary>
    public double? PlayStop { get; init; }

    /// <summary>Where in the content the loop starts.</summary>
    public double? LoopStart { get; init; }

    /// <summary>Where in the content the loop ends.</summary>
    public double? LoopEnd { get; init; }

    /// <summary>The unit of the fades; by default that around the clip.</summary>
    public DawTimeUnit? FadeTimeUnit { get; init; }

    /// <summary>Length of the fade-in; a negative one starts that much earlier.</summary>
    public double? FadeInTime { get; init; }

    /// <summary>Length of the fade-out.</summary>
    public double? FadeOutTime { get; init; }

    /// <summary>Whether it plays; by default it does.</summary>
    public bool? Enable { get; init; }

    /// <summary>Identifier of a timeline elsewhere that it plays.</summary>
    public string? Reference { get; init; }

    /// <summary>What it plays.</summary>
    public DawTimeline? Content { get; init; }

    internal override string ElementName => "Clip";
}
