using Loophole.Cluster.Numerics;

namespace Loophole.Engine.Processors.Instruments;

/// <summary>A wave, −1 to +1.</summary>
internal enum SynthWave
{
    Sine = 0,
    Triangle = 1,
    Saw = 2,
    Square = 3,
}

/// <summary>The shape of a <see cref="SynthWave"/>.</summary>
internal static class SynthWaveShape
{
    private const double RadiansPerUnit = 6.283185307179586 / 18446744073709551616.0;
    private const double TurnsPerUnit = 1 / 9007199254740992.0;
    private const int RoundedBits = 11;

    /// <summary>The wave at a phase.</summary>
    /// <param name="wave">Which.</param>
    /// <param name="phase">As a fraction of a turn, in units of 2^-64.</param>
    /// <param name="increment">What the phase gains in a frame, up to half a turn: jumps are rounded over a frame on either side, against aliases.</param>
    public static double At(this SynthWave wave, ulong phase, ulong increment)
    {
        if (wave == SynthWave.Sine)
        {
            return ExactMath.Sin((long)phase * RadiansPerUnit);
        }

        var (turn, step) = (Turns(phase), Turns(increment));
        return wave switch
        {
            SynthWave.Triangle => turn < 0.5 ? (4 * turn) - 1 : 3 - (4 * turn),
            SynthWave.Saw => (2 * turn) - 1 - Round(turn, step),
            _ => (turn < 0.5 ? 1 : -1) + Round(turn, step) - Round(turn < 0.5 ? turn + 0.5 : turn - 0.5, step),
        };
    }

    /// <summary>In turns, as far as a double has room: exact on every machine.</summary>
    private static double Turns(ulong units) => (long)(units >> RoundedBits) * TurnsPerUnit;

    /// <summary>What rounds off a jump by 2 at the start of a turn, a polynomial of degree 2 (polyBLEP).</summary>
    private static double Round(double turn, double step)
    {
        if (turn < step)
        {
            var after = turn / step;
            return after + after - (after * after) - 1;
        }

        if (turn > 1 - step)
        {
            var before = (turn - 1) / step;
            return (before * before) + before + before + 1;
        }

        return 0;
    }
}
