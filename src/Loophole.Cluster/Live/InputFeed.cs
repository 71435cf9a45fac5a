using System.Collections.Immutable;
using Loophole.Cluster.Audio;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Live;

/// <summary>Keeps what the device hears for as long as somebody may have to catch up with it, and for a recording of it.</summary>
/// <remarks>The callback never waits for whoever reads: what is read too late is overwritten, and missing. Samples are kept as a recording would give them back: a negative
/// zero is a zero, and what is no number is one too.</remarks>
internal sealed class InputFeed : ILiveInput
{
    private const int MaxFrames = 1_024;

    private readonly ImmutableArray<int> _deviceChannels;
    private readonly Recording? _take;
    private readonly FrameRing _ring;
    private readonly float[] _read;
    private long _overwritten;

    /// <param name="audioChannels">Its width.</param>
    /// <param name="deviceChannels">The device's input channels: one for each audio channel, or one for all.</param>
    /// <param name="capacityFrames">How long it is kept; more than a block of the device.</param>
    /// <param name="startFrame">Render frame of the first call; before it, there is silence.</param>
    /// <param name="take">Records it, or <see langword="null"/>.</param>
    public InputFeed(int audioChannels, ImmutableArray<int> deviceChannels, int capacityFrames, long startFrame, Recording? take)
    {
        (_deviceChannels, _take) = (deviceChannels, take);
        _ring = new FrameRing(audioChannels, capacityFrames, startFrame);
        _read = new float[MaxFrames * audioChannels];
    }

    /// <inheritdoc/>
    public long Reached => long.MaxValue;

    /// <inheritdoc/>
    public long There => _ring.WriteFrame;

    /// <summary>Takes what the device hears. [audio thread]</summary>
    /// <param name="input">Of the device; channels that it does not have are silent.</param>
    /// <param name="frames">Frames of this call.</param>
    public void Write(AudioBuffer input, int frames)
    {
        var start = _ring.WriteFrame;
        Volatile.Write(ref _overwritten, start + frames - _ring.CapacityFrames);
        // Whoever has read a frame that is being overwritten sees that it is, or has read it before.
        Interlocked.MemoryBarrier();
        for (var taken = 0; taken < frames;)
        {
            var piece = _ring.Contiguous(start + taken, frames - taken);
            var samples = _ring.Memory(start + taken, piece).Span;
            Keep(input, taken, samples);
            _take?.Write(samples);
            taken += piece;
        }

        _ring.Publish(start + frames);
    }

    /// <inheritdoc/>
    public int Contiguous(long frame, int frames) => _ring.Contiguous(frame, Math.Min(frames, MaxFrames));

    /// <inheritdoc/>
    public ReadOnlyMemory<float> Read(long frame, int frames, long limit, ref int missing)
    {
        var samples = _read.AsMemory(0, frames * _ring.AudioChannels);
        _ring.Memory(frame, frames).CopyTo(samples);
        Interlocked.MemoryBarrier();
        if (frame < Volatile.Read(ref _overwritten))
        {
            samples.Span.Clear();
            missing = Math.Max(missing, frames);
        }

        return samples;
    }

    private void Keep(AudioBuffer input, int start, Span<float> samples)
    {
        var width = _ring.AudioChannels;
        for (var channel = 0; channel < width; channel++)
        {
            var from = _deviceChannels[_deviceChannels.Length == 1 ? 0 : channel];
            if (from >= input.ChannelCount)
            {
                continue;
            }

            var source = input.Channel(from).Slice(start, samples.Length / width);
            for (var frame = 0; frame < source.Length; frame++)
            {
                samples[(frame * width) + channel] = float.IsFinite(source[frame]) ? source[frame] + 0f : 0f;
            }
        }
    }
}
