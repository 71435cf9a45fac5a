namespace Loophole.DawProject;

/// <summary>Tempo and time signature where they are not automated.</summary>
public sealed record DawTransport : DawElement
{
    /// <summary>Quarter notes a minute.</summary>
    public DawRealParameter? Tempo { get; init; }

    /// <summary>The time signature.</summary>
    public DawTimeSignatureParameter? TimeSignature { get; init; }

    internal override string ElementName => "Transport";
}
