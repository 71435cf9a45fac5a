namespace Loophole.Cluster.Audio;

/// <summary>A view of planar audio: one run of 32-bit float samples per audio channel, all of the same length in frames.</summary>
/// <remarks>
/// <para><b>Shape.</b> Channel <c>c</c>, frame <c>f</c> is <c>Channel(c)[f]</c>. Nominal range −1 to +1, never clipped.</para>
/// <para><b>Ownership.</b> A view owns nothing; it is valid only during the call that was handed it.</para>
/// </remarks>
public readonly ref struct AudioBuffer
{
    private readonly Span<float> _samples;
    private readonly int _stride;
    private readonly int _offset;

    /// <summary>Makes a view.</summary>
    /// <param name="samples">The storage: <paramref name="channelCount"/> runs of <paramref name="stride"/> samples.</param>
    /// <param name="channelCount">Audio channels, 1 or more.</param>
    /// <param name="stride">Samples from one channel's run to the next; at least <paramref name="frameCount"/>.</param>
    /// <param name="frameCount">Frames in view, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The storage is too small for the shape.</exception>
    public AudioBuffer(Span<float> samples, int channelCount, int stride, int frameCount)
        : this(samples, channelCount, stride, 0, frameCount)
    {
    }

    private AudioBuffer(Span<float> samples, int channelCount, int stride, int offset, int frameCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channelCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(frameCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + frameCount, stride);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)channelCount * stride, samples.Length);
        _samples = samples;
        _stride = stride;
        _offset = offset;
        ChannelCount = channelCount;
        FrameCount = frameCount;
    }

    /// <summary>Audio channels, 1 or more. [any]</summary>
    public int ChannelCount { get; }

    /// <summary>Frames in view, 0 or more. [any]</summary>
    public int FrameCount { get; }

    /// <summary>The samples of one channel. [any]</summary>
    /// <param name="channel">0 to <see cref="ChannelCount"/> − 1.</param>
    /// <returns><see cref="FrameCount"/> samples.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="channel"/> is out of range.</exception>
    public Span<float> Channel(int channel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)channel, (uint)ChannelCount, nameof(channel));
        return _samples.Slice((channel * _stride) + _offset, FrameCount);
    }

    /// <summary>The same channels, fewer frames. [any]</summary>
    /// <param name="startFrame">First frame, counted in this view.</param>
    /// <param name="frameCount">Frames to keep.</param>
    /// <returns>A view of the same storage.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside this view.</exception>
    public AudioBuffer Slice(int startFrame, int frameCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startFrame);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startFrame + frameCount, FrameCount, nameof(frameCount));
        return new AudioBuffer(_samples, ChannelCount, _stride, _offset + startFrame, frameCount);
    }

    /// <summary>Sets every sample in view to +0. [any]</summary>
    public void Clear()
    {
        for (var channel = 0; channel < ChannelCount; channel++)
        {
            Channel(channel).Clear();
        }
    }
}
