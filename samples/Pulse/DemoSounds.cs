using Loophole.Cluster.Numerics;
using Loophole.Engine;

namespace Loophole.Pulse;

/// <summary>The recordings of the demo: made by arithmetic that gives the same bits everywhere, and a spoken one where the system has it.</summary>
internal static class DemoSounds
{
    private const double Tau = 2 * Math.PI;

    /// <summary>A falling sine with a click: 48 kHz mono.</summary>
    public static void WriteKick(string path) => Write(path, 48_000, 0.4, (time, _) =>
        ExactMath.Exp(-9 * time) * ExactMath.Sin(Tau * ((48 * time) + (6 * (1 - ExactMath.Exp(-35 * time))))) * 0.9);

    /// <summary>Noise and a tone, both dying: 44.1 kHz mono, so that it is resampled.</summary>
    public static void WriteSnare(string path) => Write(path, 44_100, 0.3, (time, noise) =>
        ((0.6 * noise * ExactMath.Exp(-18 * time)) + (0.4 * ExactMath.Sin(Tau * 190 * time) * ExactMath.Exp(-25 * time))) * 0.8);

    /// <summary>Short noise, each sample less the one before: 48 kHz mono.</summary>
    public static void WriteHat(string path)
    {
        var before = 0.0;
        Write(path, 48_000, 0.12, (time, noise) =>
        {
            var bright = noise - before;
            before = noise;
            return bright * ExactMath.Exp(-55 * time) * 0.35;
        });
    }

    /// <summary>Four bars of a bass line at 120 beats a minute, 96 kHz mono.</summary>
    public static void WriteBass(string path)
    {
        double[] notes = [41.203, 41.203, 55, 49, 41.203, 61.735, 55, 36.708];
        Write(path, 96_000, 8, (time, _) =>
        {
            var into = time % 1;
            var frequency = notes[(int)time % notes.Length];
            var phase = Tau * frequency * into;
            return (ExactMath.Sin(phase) + (0.4 * ExactMath.Sin(2 * phase)) + (0.2 * ExactMath.Sin(3 * phase))) * ExactMath.Exp(-2.5 * into) * Math.Min(1, into * 200) * 0.5;
        });
    }

    /// <summary>A chord that swells: 48 kHz mono.</summary>
    public static void WritePad(string path)
    {
        double[] chord = [164.814, 195.998, 246.942, 293.665];
        Write(path, 48_000, 6, (time, _) =>
        {
            var sum = 0.0;
            foreach (var frequency in chord)
            {
                sum += ExactMath.Sin(Tau * frequency * time) + (0.5 * ExactMath.Sin(Tau * frequency * 1.003 * time));
            }

            return sum * 0.08 * Math.Min(1, Math.Min(time, 6 - time));
        });
    }

    /// <summary>A recorded voice from the system's sample sounds, or, where there is none, a hummed stand-in.</summary>
    /// <returns>The file: its own, or the one written at <paramref name="path"/>.</returns>
    public static string FindOrWriteVoice(string path)
    {
        const string Recorded = "/usr/share/sounds/alsa/Front_Center.wav";
        if (File.Exists(Recorded))
        {
            return Recorded;
        }

        Write(path, 32_000, 1.5, (time, noise) =>
            (ExactMath.Sin(Tau * 130 * time) + (0.5 * ExactMath.Sin(Tau * 650 * time)) + (0.05 * noise)) * 0.3 * Math.Min(1, Math.Min(time, 1.5 - time) * 5));
        return path;
    }

    private static void Write(string path, int sampleRate, double seconds, Func<double, double, double> sample)
    {
        var samples = new float[(int)(seconds * sampleRate)];
        var random = 0x9E3779B97F4A7C15UL;
        for (var frame = 0; frame < samples.Length; frame++)
        {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            samples[frame] = (float)sample(frame / (double)sampleRate, ((random >> 11) / (double)(1UL << 52)) - 1);
        }

        using var file = new WavWriter(path, 1, sampleRate);
        file.Write(samples);
        file.Complete();
    }
}
