namespace Loophole.Cluster.Graph;

/// <summary>One note, in project frames.</summary>
/// <param name="StartFrame">Where it starts.</param>
/// <param name="EndFrame">Where it ends; greater than <paramref name="StartFrame"/>.</param>
/// <param name="Key">MIDI key, 0 to 127.</param>
/// <param name="MidiChannel">MIDI channel, 0 to 15.</param>
/// <param name="Velocity">0 to 1.</param>
public sealed record NoteRegion(long StartFrame, long EndFrame, int Key, int MidiChannel, double Velocity);
