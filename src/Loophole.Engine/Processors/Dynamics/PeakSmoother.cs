using Loophole.Cluster.Numerics;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Dynamics;

/// <summary>The smooth, decoupled peak detector of Giannoulis, Massberg, Reiss (2012), equation 17, on gain reduction in dB:
/// y₁[n] = max(x[n], αR y₁[n−1] + (1 − αR) x[n]), y[n] = αA y[n−1] + (1 − αA) y₁[n], with α = e^(−1 / (τ × rate)) (equation 7).</summary>
internal sealed class PeakSmoother(int sampleRate)
{
    /// <summary>dB; smaller reductions count as none. Far below what a float can show, and far above denormals.</summary>
    private const double Negligible = 1e-9;

    private const double MostDecibels = 1e4;

    private double _attackTime = double.NaN;
    private double _releaseTime = double.NaN;
    private double _attack;
    private double _release;
    private double _peak;
    private double _reduction;

    public void Clear() => (_peak, _reduction) = (0, 0);

    /// <summary>Sets the time constants.</summary>
    /// <param name="attack">s, 0 or more.</param>
    /// <param name="release">s, 0 or more.</param>
    public void Follow(double attack, double release)
    {
        if (attack != _attackTime)
        {
            (_attackTime, _attack) = (attack, ExactMath.Exp(-1 / (attack * sampleRate)));
        }

        if (release != _releaseTime)
        {
            (_releaseTime, _release) = (release, ExactMath.Exp(-1 / (release * sampleRate)));
        }
    }

    /// <summary>The smoothed reduction after one more frame, in dB.</summary>
    public double Next(double reduction)
    {
        _peak = Math.Max(reduction, (_release * _peak) + ((1 - _release) * reduction));
        _reduction = (_attack * _reduction) + ((1 - _attack) * _peak);
        return _reduction;
    }

    /// <summary>Sets vanishing state to 0; called at grid frames only, so that it happens at the same frames whatever the calls.</summary>
    public void Flush()
    {
        _peak = _peak < Negligible ? 0 : _peak;
        _reduction = _reduction < Negligible ? 0 : _reduction;
    }

    public void Save(ref StateWriter writer)
    {
        writer.Write(_peak);
        writer.Write(_reduction);
    }

    public void Restore(ref StateReader reader)
    {
        _peak = reader.ReadDouble(0, MostDecibels);
        _reduction = reader.ReadDouble(0, MostDecibels);
    }
}
