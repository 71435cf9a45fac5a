namespace Loophole.Cluster.Messages;

/// <summary>A recording of what the device hears on its MIDI input.</summary>
/// <param name="MidiChannel">The MIDI channel, 0 to 15, or <see langword="null"/> for all.</param>
/// <param name="TakePath">The file to record it into.</param>
internal sealed record NoteRoute(int? MidiChannel, string TakePath)
{
    /// <summary>Whether it can be meant.</summary>
    public bool IsSane => MidiChannel is null or (>= 0 and <= 15) && TakePath.Length > 0;
}
