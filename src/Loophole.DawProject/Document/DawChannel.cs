using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>A mixer channel.</summary>
public sealed record DawChannel : DawLane
{
    /// <summary>What it is for; regular by default.</summary>
    public DawMixerRole? Role { get; init; }

    /// <summary>Audio channels; 2 by default.</summary>
    public int? AudioChannels { get; init; }

    /// <summary>Identifier of the channel it feeds.</summary>
    public string? Destination { get; init; }

    /// <summary>Whether it is soloed.</summary>
    public bool? Solo { get; init; }

    /// <summary>Volume, linear or in decibels.</summary>
    public DawRealParameter? Volume { get; init; }

    /// <summary>Pan.</summary>
    public DawRealParameter? Pan { get; init; }

    /// <summary>Mute.</summary>
    public DawBoolParameter? Mute { get; init; }

    /// <summary>Its sends.</summary>
    public ImmutableArray<DawSend> Sends { get; init; } = [];

    /// <summary>Its devices, in the order the signal meets them.</summary>
    public ImmutableArray<DawDevice> Devices { get; init; } = [];

    internal override string ElementName => "Channel";
}
