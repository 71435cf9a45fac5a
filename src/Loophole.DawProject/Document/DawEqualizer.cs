using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>The format's equaliser.</summary>
public sealed record DawEqualizer : DawBuiltinDevice
{
    /// <summary>Its bands.</summary>
    public ImmutableArray<DawEqualizerBand> Bands { get; init; } = [];

    /// <summary>Gain before it, decibels.</summary>
    public DawRealParameter? InputGain { get; init; }

    /// <summary>Gain after it, decibels.</summary>
    public DawRealParameter? OutputGain { get; init; }

    internal override string ElementName => "Equalizer";
}
