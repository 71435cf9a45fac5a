using Loophole.Cluster.Playback;

namespace Loophole.Cluster.Live;

/// <summary>Reads what came out of an insert: at each frame what was made for the one that is its budget earlier, and silence before there was any.</summary>
/// <param name="source">What the insert makes.</param>
/// <param name="delayFrames">The budget.</param>
internal sealed class ReturnFeed(EdgeFeed source, int delayFrames) : ILiveInput
{
    private readonly float[] _silence = new float[EdgeFeed.MaxFrames * source.AudioChannels];

    /// <inheritdoc/>
    public long Reached => long.MaxValue;

    /// <summary>The frame up to which the insert has made something of what it was handed. [any]</summary>
    public long Made => source.There;

    /// <inheritdoc/>
    public long There => source.There + delayFrames;

    /// <inheritdoc/>
    public int Contiguous(long frame, int frames) => frame < delayFrames
        ? (int)Math.Min(Math.Min(frames, delayFrames - frame), EdgeFeed.MaxFrames)
        : source.Contiguous(frame - delayFrames, frames);

    /// <inheritdoc/>
    /// <remarks>The limit is none: what an insert makes is of frames that have been heard, and these do not change.</remarks>
    public ReadOnlyMemory<float> Read(long frame, int frames, long limit, ref int missing) => frame < delayFrames
        ? _silence.AsMemory(0, frames * source.AudioChannels)
        : source.Read(frame - delayFrames, frames, long.MaxValue, ref missing);
}
