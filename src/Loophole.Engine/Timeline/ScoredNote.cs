using Loophole.Cluster.Graph;

namespace Loophole.Engine.Timeline;

/// <summary>A note of a clip as it is played.</summary>
/// <param name="StartFrame">Project frame at which it starts.</param>
/// <param name="EndFrame">Project frame at which it ends; after <paramref name="StartFrame"/>.</param>
/// <param name="MidiChannel">0 to 15.</param>
/// <param name="Key">0 to 127.</param>
/// <param name="Velocity">1 to 127.</param>
internal readonly record struct ScoredNote(long StartFrame, long EndFrame, byte MidiChannel, byte Key, byte Velocity)
{
    private const int Loudest = 127;

    /// <summary>Of a region whose numbers are in their ranges.</summary>
    public static ScoredNote Of(NoteRegion region) => new(
        region.StartFrame,
        region.EndFrame,
        (byte)region.MidiChannel,
        (byte)region.Key,
        (byte)Math.Clamp(Math.Floor((region.Velocity * Loudest) + 0.5), 1, Loudest));
}
