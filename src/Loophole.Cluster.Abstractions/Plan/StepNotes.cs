using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Plan;

/// <summary>What the instruments of a <see cref="ChannelStep"/> play.</summary>
public sealed record StepNotes
{
    /// <summary>Notes of clips, in project frames, in any order. Their velocity counts in steps of a 127th, from 1 to 127.</summary>
    public ImmutableArray<NoteRegion> Regions { get; init; } = [];

    /// <summary>What was recorded, by growing render frame.</summary>
    public ImmutableArray<MidiMessage> Take { get; init; } = [];

    /// <summary>Whether what the device hears is played (<c>ILiveRenderer.Hear</c>).</summary>
    public bool HearsDevice { get; init; }

    /// <summary>The MIDI channel that is heard of the device, 0 to 15; <see langword="null"/> for all.</summary>
    public int? MidiChannel { get; init; }
}
