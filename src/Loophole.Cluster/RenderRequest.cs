using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster;

/// <summary>An offline render.</summary>
public sealed class RenderRequest
{
    /// <summary>What to render.</summary>
    public required AudioGraph Graph { get; init; }

    /// <summary>The project's name, by which trust rules know it; <see langword="null"/> (the default) for none.</summary>
    public string? Project { get; init; }

    /// <summary>What happens, by (frame, sequence); empty plays the project from its start.</summary>
    public ImmutableArray<RenderEvent> Events { get; init; } = [];

    /// <summary>Frames of output, 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public required long LengthFrames
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1L << 50);
            field = value;
        }
    }

    /// <summary>The file to write.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Block size of the grid in frames. Default 256; 16 to 8192. Never changes the sound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int BlockFrames
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 16);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 8192);
            field = value;
        }
    } = 256;

    /// <summary>How far the horizon is ahead of the playhead, in frames; rounded up to whole blocks. Default 32,768; 16 to 4,000,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int LeadFrames
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 16);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 4_000_000);
            field = value;
        }
    } = 32_768;

    /// <summary>Frames between checkpoints; rounded up to whole blocks. Default 65,536; 16 to 4,000,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int CheckpointFrames
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 16);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 4_000_000);
            field = value;
        }
    } = 65_536;

    /// <summary>How much leaves the host. Default balanced.</summary>
    public DistributionPolicy Policy { get; init; } = DistributionPolicy.Balanced;

    /// <summary>Where the user wants Channels to run, and where not. Default none.</summary>
    public PlacementWishes Wishes { get; init; } = PlacementWishes.None;
}
