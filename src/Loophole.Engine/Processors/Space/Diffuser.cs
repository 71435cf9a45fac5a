using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Space;

/// <summary>All-pass section that turns each impulse into a train: M. R. Schroeder, "Natural sounding artificial reverberation", J. Audio Eng. Soc. 10 (1962).</summary>
internal sealed class Diffuser(int length)
{
    private const double Gain = 0.625;

    private readonly DelayLine _line = new(length);

    public double Next(double input)
    {
        double delayed = _line.Oldest;
        var entering = input + (Gain * delayed);
        _line.Write(entering);
        return delayed - (Gain * entering);
    }

    public void Clear() => _line.Clear();

    public void Save(ref StateWriter writer) => _line.Save(ref writer);

    public void Restore(ref StateReader reader) => _line.Restore(ref reader);
}
