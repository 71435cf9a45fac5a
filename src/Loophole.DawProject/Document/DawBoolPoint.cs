namespace Loophole.DawProject;

/// <summary>A point of a switch.</summary>
public sealed record DawBoolPoint : DawPoint
{
    /// <summary>The position.</summary>
    public required bool Value { get; init; }

    internal override string ElementName => "BoolPoint";
}
