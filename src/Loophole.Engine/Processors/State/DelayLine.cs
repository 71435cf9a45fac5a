using Loophole.Engine.Processors.Samples;

namespace Loophole.Engine.Processors.State;

/// <summary>The last samples of one audio channel.</summary>
/// <param name="length">Frames kept, 0 or more.</param>
internal sealed class DelayLine(int length)
{
    private readonly float[] _samples = new float[length];
    private int _next;

    /// <summary>The sample written <c>length</c> writes ago; for lines of 1 frame or more.</summary>
    public float Oldest => _samples[_next];

    /// <summary>Bytes that a line saves.</summary>
    public static long StateBytes(int length) => (long)length * sizeof(float);

    /// <summary>One line per audio channel.</summary>
    public static DelayLine[] Array(int audioChannels, int length)
    {
        var lines = new DelayLine[audioChannels];
        for (var channel = 0; channel < lines.Length; channel++)
        {
            lines[channel] = new DelayLine(length);
        }

        return lines;
    }

    /// <summary>Overwrites <see cref="Oldest"/>. What is not finite or vanishingly small becomes 0.</summary>
    public void Write(double sample)
    {
        _samples[_next] = Sanitize.Feedback(sample);
        Advance();
    }

    /// <summary>Writes a sample and gives the one <c>length</c> frames before it. What is not finite or vanishingly small becomes 0.</summary>
    public double Exchange(double sample)
    {
        if (_samples.Length == 0)
        {
            return Sanitize.Feedback(sample);
        }

        double oldest = Oldest;
        Write(sample);
        return oldest;
    }

    /// <summary>Replaces each sample by the one <c>length</c> frames before it. What is not finite becomes 0.</summary>
    public void Exchange(Span<float> audio)
    {
        for (var i = 0; i < audio.Length; i++)
        {
            var sample = Sanitize.Input(audio[i]);
            if (_samples.Length == 0)
            {
                audio[i] = sample;
                continue;
            }

            audio[i] = _samples[_next];
            _samples[_next] = sample;
            Advance();
        }
    }

    /// <summary>Fills the line with silence.</summary>
    public void Clear()
    {
        _next = 0;
        System.Array.Clear(_samples);
    }

    /// <summary>Writes the samples in order of age, so that equal contents give equal bytes.</summary>
    public void Save(ref StateWriter writer)
    {
        writer.Write(_samples.AsSpan(_next));
        writer.Write(_samples.AsSpan(0, _next));
    }

    public void Restore(ref StateReader reader)
    {
        _next = 0;
        reader.Read(_samples.AsSpan());
    }

    private void Advance()
    {
        _next++;
        if (_next == _samples.Length)
        {
            _next = 0;
        }
    }
}
