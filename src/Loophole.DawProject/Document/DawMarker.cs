namespace Loophole.DawProject;

/// <summary>A marker.</summary>
public sealed record DawMarker : DawNamedElement
{
    /// <summary>Where it is.</summary>
    public required double Time { get; init; }

    internal override string ElementName => "Marker";
}
