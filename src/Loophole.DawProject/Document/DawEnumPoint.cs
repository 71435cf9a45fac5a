namespace Loophole.DawProject;

/// <summary>A point of a choice.</summary>
public sealed record DawEnumPoint : DawPoint
{
    /// <summary>The one chosen, from 0.</summary>
    public required int Value { get; init; }

    internal override string ElementName => "EnumPoint";
}
