namespace Loophole.DawProject;

/// <summary>A time signature.</summary>
public sealed record DawTimeSignatureParameter : DawParameter
{
    /// <summary>Counts in a bar.</summary>
    public required int Numerator { get; init; }

    /// <summary>What a count is, as a fraction of a whole note.</summary>
    public required int Denominator { get; init; }

    internal override string ElementName => "TimeSignatureParameter";
}
