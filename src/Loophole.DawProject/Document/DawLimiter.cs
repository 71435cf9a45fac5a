namespace Loophole.DawProject;

/// <summary>The format's limiter.</summary>
public sealed record DawLimiter : DawBuiltinDevice
{
    /// <summary>Threshold, decibels.</summary>
    public DawRealParameter? Threshold { get; init; }

    /// <summary>Attack, seconds.</summary>
    public DawRealParameter? Attack { get; init; }

    /// <summary>Release, seconds.</summary>
    public DawRealParameter? Release { get; init; }

    /// <summary>Gain before it, decibels.</summary>
    public DawRealParameter? InputGain { get; init; }

    /// <summary>Gain after it, decibels.</summary>
    public DawRealParameter? OutputGain { get; init; }

    internal override string ElementName => "Limiter";
}
