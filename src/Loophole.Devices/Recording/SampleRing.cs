using Loophole.Cluster.Audio;

namespace Loophole.Devices.Recording;

/// <summary>Frames on their way from one thread to one other, interleaved. Whole blocks or nothing; neither side ever waits.</summary>
internal sealed class SampleRing(int channels, int capacityFrames)
{
    private readonly float[] _samples = new float[channels * capacityFrames];
    private long _written;
    private long _read;

    /// <summary>Frames that are still to be read. [reader]</summary>
    public int Waiting => (int)(Volatile.Read(ref _written) - _read);

    /// <summary>Adds a block. [writer, an audio thread]</summary>
    /// <returns>Whether there was room for all of it; nothing is added otherwise.</returns>
    public bool TryWrite(AudioBuffer block)
    {
        if (_written - Volatile.Read(ref _read) + block.FrameCount > capacityFrames)
        {
            return false;
        }

        for (var channel = 0; channel < channels; channel++)
        {
            var at = (int)(_written % capacityFrames);
            foreach (var sample in block.Channel(channel))
            {
                _samples[(at * channels) + channel] = sample;
                at = at + 1 == capacityFrames ? 0 : at + 1;
            }
        }

        Volatile.Write(ref _written, _written + block.FrameCount);
        return true;
    }

    /// <summary>What has waited longest, as far as it lies in one piece; empty when nothing waits. Stays until <see cref="Release"/>. [reader]</summary>
    public ReadOnlySpan<float> Read()
    {
        var at = (int)(_read % capacityFrames);
        return _samples.AsSpan(at * channels, Math.Min(Waiting, capacityFrames - at) * channels);
    }

    /// <summary>Gives back the room of what was read. [reader]</summary>
    /// <returns>Frames.</returns>
    public int Release(int samples)
    {
        var frames = samples / channels;
        Volatile.Write(ref _read, _read + frames);
        return frames;
    }

    /// <summary>Throws away what waits. [reader]</summary>
    /// <returns>Frames.</returns>
    public int Discard() => Release(Waiting * channels);
}
