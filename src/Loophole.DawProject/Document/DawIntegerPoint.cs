namespace Loophole.DawProject;

/// <summary>A point with a whole number.</summary>
public sealed record DawIntegerPoint : DawPoint
{
    /// <summary>The value.</summary>
    public required int Value { get; init; }

    internal override string ElementName => "IntegerPoint";
}
