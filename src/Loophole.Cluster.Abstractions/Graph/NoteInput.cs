using System.Collections.Immutable;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Graph;

/// <summary>What the instruments of a <see cref="Channel"/> hear of the audio device's MIDI input, besides the notes of their clips; or what was recorded of that.</summary>
/// <remarks>It is heard at its render frame, whatever latency is before the instrument: nothing is gained by hearing a hand later.</remarks>
public sealed record NoteInput
{
    /// <summary>The MIDI channel that is heard, 0 to 15; <see langword="null"/>, the default, for all of them.</summary>
    public int? MidiChannel { get; init; }

    /// <summary>Whether it is heard; one that is not can be recorded all the same. Default yes. A Channel that hears the device is live.</summary>
    public bool IsMonitored { get; init; } = true;

    /// <summary>What is heard in the place of the device: a recording of it, by growing render frame. <see langword="null"/> for the device, which an offline render does not have: there
    /// nothing is heard.</summary>
    public ImmutableArray<MidiMessage>? Take { get; init; }
}
