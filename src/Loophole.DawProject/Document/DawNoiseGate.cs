namespace Loophole.DawProject;

/// <summary>The format's noise gate.</summary>
public sealed record DawNoiseGate : DawBuiltinDevice
{
    /// <summary>Threshold, decibels.</summary>
    public DawRealParameter? Threshold { get; init; }

    /// <summary>Ratio, a factor or percent.</summary>
    public DawRealParameter? Ratio { get; init; }

    /// <summary>Attack, seconds.</summary>
    public DawRealParameter? Attack { get; init; }

    /// <summary>Release, seconds.</summary>
    public DawRealParameter? Release { get; init; }

    /// <summary>The most it turns down, decibels.</summary>
    public DawRealParameter? Range { get; init; }

    internal override string ElementName => "NoiseGate";
}
