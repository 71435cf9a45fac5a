using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Placement;

namespace Loophole.Cluster;

/// <summary>What is to be played, and on what.</summary>
public sealed class PlayRequest
{
    /// <summary>What to play.</summary>
    public required AudioGraph Graph { get; init; }

    /// <summary>The project's name, by which trust rules know it; <see langword="null"/> (the default) for none.</summary>
    public string? Project { get; init; }

    /// <summary>The host Signal's device (<c>AudioDeviceInfo.Id</c>).</summary>
    public required string Device { get; init; }

    /// <summary>Block size to ask the device for, in frames; 0 (the default) for its own. 0, or 16 to 8192.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int DeviceBlockFrames
    {
        get;
        init
        {
            if (value != 0)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(value, 16);
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 8192);
            }

            field = value;
        }
    }

    /// <summary>Project frame to start at. Default 0; 0 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public long StartFrame
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LongestFrames);
            field = value;
        }
    }

    /// <summary>Whether project time stands still at <see cref="StartFrame"/> until somebody lets it run. Default it runs.</summary>
    public bool StartsPaused { get; init; }

    /// <summary>How much earlier playing starts than where it is to start, and than where it stands whenever it goes on: time to join in. Before project frame 0 there is silence. In frames;
    /// default 0, 0 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public long PreRollFrames
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LongestFrames);
            field = value;
        }
    }

    /// <summary>What is repeated once playing reaches its end; <see langword="null"/> (the default) for nothing.</summary>
    public LoopRegion? Loop { get; init; }

    /// <summary>The file to record into, or <see langword="null"/> (the default).</summary>
    public string? RecordPath { get; init; }

    /// <summary>Files into which the host records what Channels hear of the device (<see cref="Channel.Input"/>), by <see cref="Channel.Id"/>; empty (the default) for none. Each begins at render
    /// frame 0, is as wide as the Channel, and can be given back to it as its <see cref="ChannelInput.Take"/>.</summary>
    public ImmutableDictionary<string, string> TakePaths { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Files into which the host records what Channels hear of the device's MIDI input (<see cref="Channel.Notes"/>), by <see cref="Channel.Id"/>; empty (the default) for none. Frame 0
    /// of each is render frame 0; it can be given back to its Channel as its <see cref="NoteInput.Take"/>.</summary>
    public ImmutableDictionary<string, string> NoteTakePaths { get; init; } = ImmutableDictionary<string, string>.Empty;

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

    /// <summary>How far is rendered ahead of what is heard, in frames; rounded up to whole blocks. Default 48,000; 16 to 4,000,000.</summary>
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
    } = 48_000;

    /// <summary>How far may be rendered ahead when <see cref="LeadFrames"/> turn out to be too little, in frames: memory is taken for so much. Default 240,000; 16 to 4,000,000, and never less than the
    /// lead.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int MostLeadFrames
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 16);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 4_000_000);
            field = value;
        }
    } = 240_000;

    /// <summary>How far ahead of what is heard a change (<see cref="PlaybackControl"/>) takes effect, in frames: the time that there is to render anew from the
    /// last checkpoint. Default 12,000; 16 to 4,000,000, and never more than the lead. What is not there by then is silent until it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int ReactionFrames
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 16);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 4_000_000);
            field = value;
        }
    } = 12_000;

    /// <summary>How far ahead is rendered what hears a hand (<see cref="GestureSession"/>), in frames: so much later than it is made a movement is heard. Default 4,800;
    /// 16 to 4,000,000, and never more than the lead. The playhead is reported 30 times a second, and as much longer a Signal may take without being late.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    public int GestureLeadFrames
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 16);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 4_000_000);
            field = value;
        }
    } = 4_800;

    /// <summary>Frames between checkpoints; rounded up to whole blocks. A change is rendered anew from the last one. Default 24,000; 16 to 4,000,000.</summary>
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
    } = 24_000;

    /// <summary>How much leaves the host. Default balanced.</summary>
    public DistributionPolicy Policy { get; init; } = DistributionPolicy.Balanced;

    /// <summary>Where the user wants Channels to run, and where not. Default none.</summary>
    public PlacementWishes Wishes { get; init; } = PlacementWishes.None;

    /// <summary>Beyond any length that is played.</summary>
    internal const long LongestFrames = 1L << 50;
}
