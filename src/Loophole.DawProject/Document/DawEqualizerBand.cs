namespace Loophole.DawProject;

/// <summary>A band of an equaliser.</summary>
public sealed record DawEqualizerBand : DawElement
{
    /// <summary>Its shape.</summary>
    public required DawEqualizerBandType Type { get; init; }

    /// <summary>The index of the band (as the format's reference has it; not the order of a filter).</summary>
    public int? Order { get; init; }

    /// <summary>Its frequency, hertz or MIDI key.</summary>
    public required DawRealParameter Frequency { get; init; }

    /// <summary>Its gain, decibels.</summary>
    public DawRealParameter? Gain { get; init; }

    /// <summary>Its quality.</summary>
    public DawRealParameter? Q { get; init; }

    /// <summary>Whether it is on; by default it is.</summary>
    public DawBoolParameter? Enabled { get; init; }

    internal override string ElementName => "Band";
}
