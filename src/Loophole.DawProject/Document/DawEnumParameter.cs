using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>A choice.</summary>
public sealed record DawEnumParameter : DawParameter
{
    /// <summary>How many there are to choose from.</summary>
    public required int Count { get; init; }

    /// <summary>The one chosen, from 0.</summary>
    public int? Value { get; init; }

    /// <summary>What they are called; words without spaces.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    internal override string ElementName => "EnumParameter";
}
