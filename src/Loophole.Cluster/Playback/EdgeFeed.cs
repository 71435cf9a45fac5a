using Loophole.Cluster.Hub;
using Loophole.Cluster.Live;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Playback;

/// <summary>Reads a signal that is rendered ahead from its ring. What is not there in time becomes a click-free gap of this signal alone; what comes too late for
/// its frame is never heard.</summary>
/// <param name="ring">The signal.</param>
/// <param name="gaps">Takes note of what is not there in time, or <see langword="null"/>.</param>
internal sealed class EdgeFeed(FrameRing ring, GapTrail? gaps = null) : IPlayedSignal, ILiveInput
{
    /// <summary>The most frames that can be had at once.</summary>
    public const int MaxFrames = 1_024;

    private readonly float[] _scratch = new float[MaxFrames * ring.AudioChannels];

    /// <inheritdoc/>
    public int AudioChannels => ring.AudioChannels;

    /// <inheritdoc/>
    public GapFade Fade { get; set; } = new(ring.AudioChannels);

    /// <inheritdoc/>
    public long Reached => ring.WriteFrame;

    /// <inheritdoc/>
    public long There => ring.WriteFrame;

    /// <inheritdoc/>
    public int Contiguous(long frame, int frames) => ring.Contiguous(frame, Math.Min(frames, MaxFrames));

    /// <inheritdoc/>
    public ReadOnlySpan<float> Take(long frame, int frames, long limit, ref int missing) => Read(frame, frames, limit, ref missing).Span;

    /// <inheritdoc/>
    public ReadOnlyMemory<float> Read(long frame, int frames, long limit, ref int missing)
    {
        var there = (int)Math.Clamp(Math.Min(ring.WriteFrame, limit) - frame, 0, frames);
        var samples = ring.Memory(frame, frames);
        if (there > 0)
        {
            gaps?.Close();
        }

        if (there == frames && Fade.IsOver)
        {
            Fade.Remember(samples.Span);
            return samples;
        }

        // Others read the ring too: what is changed is changed in a copy.
        var copy = _scratch.AsMemory(0, frames * ring.AudioChannels);
        var split = there * ring.AudioChannels;
        if (there > 0)
        {
            samples.Span[..split].CopyTo(copy.Span);
            Fade.Sound(copy.Span[..split]);
        }

        if (there < frames)
        {
            Fade.Gap(copy.Span[split..]);
            missing = Math.Max(missing, frames - there);
            gaps?.Add(frame + there, frames - there);
        }

        return copy;
    }
}
