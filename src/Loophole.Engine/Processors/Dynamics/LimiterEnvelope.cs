using Loophole.Cluster.Numerics;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Dynamics;

/// <summary>Turns the gain each frame needs into a smooth gain that is never above it once the frame comes out of the look-ahead.</summary>
/// <remarks>Minimum over the look-ahead, exponential release upwards, mean over the look-ahead. Each of the values in the mean saw the frame that is now coming
/// out, so none of them is above the gain it needs. Gains are whole numbers of 2^-40, rounded down, so that the running sum is exact.</remarks>
internal sealed class LimiterEnvelope
{
    /// <summary>Unity gain.</summary>
    public const long One = 1L << 40;

    private readonly int _sampleRate;
    private readonly SlidingMinimum _minimum;
    private readonly long[] _window;
    private double _releaseTime = double.NaN;
    private double _release;
    private double _held;
    private long _sum;
    private int _next;

    public LimiterEnvelope(int lookAheadFrames, int sampleRate)
    {
        _sampleRate = sampleRate;
        _minimum = new SlidingMinimum(lookAheadFrames + 1, One);
        _window = new long[lookAheadFrames + 1];
        Clear();
    }

    /// <summary>Bytes that it saves.</summary>
    public static long StateBytes(int lookAheadFrames) => ((2 * (lookAheadFrames + 1L)) + 1) * sizeof(long);

    public void Clear()
    {
        _minimum.Clear();
        _window.AsSpan().Fill(One);
        (_held, _sum, _next) = (One, One * _window.Length, 0);
    }

    /// <summary>Sets the release time.</summary>
    /// <param name="release">s, 0 or more.</param>
    public void Follow(double release)
    {
        if (release != _releaseTime)
        {
            (_releaseTime, _release) = (release, ExactMath.Exp(-1 / (release * _sampleRate)));
        }
    }

    /// <summary>The gain of the frame that comes out now.</summary>
    /// <param name="needed">The gain of the frame that goes in, 0 to <see cref="One"/>.</param>
    /// <returns>0 to 1; exactly 1 when no frame in sight needs less and the release has ended.</returns>
    public double Next(long needed)
    {
        double minimum = _minimum.Next(needed);
        var risen = _held + ((minimum - _held) * (1 - _release));
        _held = minimum - risen < 1 ? minimum : risen;
        var entering = (long)_held;
        _sum += entering - _window[_next];
        _window[_next] = entering;
        _next = _next + 1 == _window.Length ? 0 : _next + 1;
        return _sum / ((double)One * _window.Length);
    }

    public void Save(ref StateWriter writer)
    {
        _minimum.Save(ref writer);
        writer.Write(_held);
        writer.Write(_window.AsSpan(_next));
        writer.Write(_window.AsSpan(0, _next));
    }

    public void Restore(ref StateReader reader)
    {
        _minimum.Restore(ref reader);
        _held = reader.ReadDouble(0, One);
        reader.Read(_window, 0, One);
        (_sum, _next) = (0, 0);
        foreach (var gain in _window)
        {
            _sum += gain;
        }
    }
}
