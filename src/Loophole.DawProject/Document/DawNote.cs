namespace Loophole.DawProject;

/// <summary>A note.</summary>
public sealed record DawNote : DawElement
{
    /// <summary>Where it starts.</summary>
    public required double Time { get; init; }

    /// <summary>Its length.</summary>
    public required double Duration { get; init; }

    /// <summary>MIDI key, 0 to 127.</summary>
    public required int Key { get; init; }

    /// <summary>MIDI channel, 0 to 15.</summary>
    public int Channel { get; init; }

    /// <summary>How hard it starts, 0 to 1.</summary>
    public double? Velocity { get; init; }

    /// <summary>How hard it ends, 0 to 1.</summary>
    public double? ReleaseVelocity { get; init; }

    /// <summary>Its expression.</summary>
    public DawTimeline? Content { get; init; }

    internal override string ElementName => "Note";
}
