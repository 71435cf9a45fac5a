using System.Collections.Immutable;

namespace Loophole.DawProject;

/// <summary>A sequencer track.</summary>
public sealed record DawTrack : DawLane
{
    /// <summary>What it holds.</summary>
    public ImmutableArray<DawContentType> ContentTypes { get; init; } = [];

    /// <summary>Whether it is active; by default it is.</summary>
    public bool? Loaded { get; init; }

    /// <summary>Its mixer channel.</summary>
    public DawChannel? Channel { get; init; }

    /// <summary>The tracks in it, when it is a folder or group.</summary>
    public ImmutableArray<DawTrack> Tracks { get; init; } = [];

    internal override string ElementName => "Track";
}
