namespace Loophole.DawProject;

/// <summary>A send of a channel.</summary>
public sealed record DawSend : DawNamedElement
{
    /// <summary>Identifier of the channel it feeds.</summary>
    public string? Destination { get; init; }

    /// <summary>Where it taps; after the fader by default.</summary>
    public DawSendType? Type { get; init; }

    /// <summary>Its level.</summary>
    public required DawRealParameter Volume { get; init; }

    /// <summary>Its pan.</summary>
    public DawRealParameter? Pan { get; init; }

    /// <summary>Whether it is on; by default it is.</summary>
    public DawBoolParameter? Enable { get; init; }

    internal override string ElementName => "Send";
}
