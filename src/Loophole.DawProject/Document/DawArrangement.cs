namespace Loophole.DawProject;

/// <summary>What plays when.</summary>
public sealed record DawArrangement : DawNamedElement
{
    /// <summary>The timelines of the tracks.</summary>
    public DawLanes? Lanes { get; init; }

    /// <summary>The project's markers.</summary>
    public DawMarkers? Markers { get; init; }

    /// <summary>The tempo.</summary>
    public DawPoints? TempoAutomation { get; init; }

    /// <summary>The time signatures.</summary>
    public DawPoints? TimeSignatureAutomation { get; init; }

    internal override string ElementName => "Arrangement";
}
