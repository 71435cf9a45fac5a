namespace Loophole.DawProject;

/// <summary>A real value.</summary>
public sealed record DawRealParameter : DawParameter
{
    /// <summary>The value in <see cref="Unit"/>; may be infinite, never NaN.</summary>
    public double? Value { get; init; }

    /// <summary>What value, minimum and maximum are counted in.</summary>
    public required DawUnit Unit { get; init; }

    /// <summary>The least value.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest value.</summary>
    public double? Maximum { get; init; }

    internal override string ElementName => "RealParameter";
}
