namespace Loophole.DawProject;

/// <summary>A whole number.</summary>
public sealed record DawIntegerParameter : DawParameter
{
    /// <summary>The value.</summary>
    public int? Value { get; init; }

    /// <summary>The least value.</summary>
    public int? Minimum { get; init; }

    /// <summary>The greatest value.</summary>
    public int? Maximum { get; init; }

    internal override string ElementName => "IntegerParameter";
}
