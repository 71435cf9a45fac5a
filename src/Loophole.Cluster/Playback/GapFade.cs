namespace Loophole.Cluster.Playback;

/// <summary>Makes what is missing from a signal click-free: from the last sample there was in a straight line to silence, and in another one back, from wherever the first
/// has come to. [audio thread]</summary>
/// <param name="width">Audio channels of the signal.</param>
internal sealed class GapFade(int width)
{
    /// <summary>Length of a whole fade, in frames.</summary>
    public const int Frames = 64;

    private readonly float[] _last = new float[width];
    private int _level = Frames;

    /// <summary>Whether the next samples sound as they are.</summary>
    public bool IsOver => _level == Frames;

    /// <summary>Samples that are there: scaled in place as long as a gap is not over.</summary>
    /// <param name="samples">Interleaved, one frame or more.</param>
    public void Sound(Span<float> samples)
    {
        Remember(samples);
        for (var at = 0; _level < Frames && at < samples.Length; at += width)
        {
            _level++;
            foreach (ref var sample in samples.Slice(at, width))
            {
                sample *= (float)_level / Frames;
            }
        }
    }

    /// <summary>Samples that are there and sound as they are, once <see cref="IsOver"/>.</summary>
    /// <param name="samples">Interleaved, one frame or more.</param>
    public void Remember(ReadOnlySpan<float> samples) => samples[^width..].CopyTo(_last);

    /// <summary>Samples that are not there: filled.</summary>
    /// <param name="samples">Interleaved.</param>
    public void Gap(Span<float> samples)
    {
        samples.Clear();
        for (var at = 0; _level > 0 && at < samples.Length; at += width)
        {
            _level--;
            for (var channel = 0; channel < width; channel++)
            {
                samples[at + channel] = _last[channel] * ((float)_level / Frames);
            }
        }
    }
}
