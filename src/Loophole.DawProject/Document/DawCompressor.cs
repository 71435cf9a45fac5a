namespace Loophole.DawProject;

/// <summary>The format's compressor.</summary>
public sealed record DawCompressor : DawBuiltinDevice
{
    /// <summary>Threshold, decibels.</summary>
    public DawRealParameter? Threshold { get; init; }

    /// <summary>Ratio, a factor or percent.</summary>
    public DawRealParameter? Ratio { get; init; }

    /// <summary>Attack, seconds.</summary>
    public DawRealParameter? Attack { get; init; }

    /// <summary>Release, seconds.</summary>
    public DawRealParameter? Release { get; init; }

    /// <summary>Gain before it, decibels.</summary>
    public DawRealParameter? InputGain { get; init; }

    /// <summary>Gain after it, decibels.</summary>
    public DawRealParameter? OutputGain { get; init; }

    /// <summary>Whether it makes up for lost gain by itself.</summary>
    public DawBoolParameter? AutoMakeup { get; init; }

    internal override string ElementName => "Compressor";
}
