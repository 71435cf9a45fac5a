using System.Collections.Concurrent;

namespace Loophole.Engine.Media;

/// <summary>The kernel of the resampler for one cutoff, at evenly spaced fractions of a source frame. Immutable, shared by all processors.</summary>
/// <remarks>
/// <para>Up to a step of 1 the cutoff is half the source rate. Above it the kernel is stretched by the step, rounded up to 5 bits behind the
/// leading one, so that there are at most 193 tables of about 330 KB and at most 3 % of the band is given away.</para>
/// <para>A stretched kernel is smoother, so it gets fewer phases and the table keeps its size. Between two phases the kernel is interpolated along
/// a line, 1,024 to the zero crossing: an error of at most (π / 1,024)² / 8 of the signal, −118 dB at the source's band edge and less below.</para>
/// </remarks>
internal sealed class SincTable
{
    /// <summary>Taps of the widest kernel, that of a step of 64.</summary>
    public const int MostTaps = 2 * KaiserSinc.HalfWidth * 64;

    private const int PhasesPerCrossing = 1024;
    private const int StretchesPerOctave = 32;

    private static readonly ConcurrentDictionary<double, Lazy<SincTable>> Tables = new();

    private readonly float[] _rows;

    private SincTable(double stretch)
    {
        TapCount = ((int)Math.Ceiling(2 * KaiserSinc.HalfWidth * stretch) + 7) / 8 * 8;
        PhaseCount = (int)Math.Ceiling(PhasesPerCrossing / stretch);
        _rows = new float[(PhaseCount + 1) * TapCount];
        var row = new double[TapCount];
        for (var phase = 0; phase <= PhaseCount; phase++)
        {
            FillRow(row, (double)phase / PhaseCount, stretch);
            for (var tap = 0; tap < TapCount; tap++)
            {
                _rows[(phase * TapCount) + tap] = (float)row[tap];
            }
        }
    }

    /// <summary>Source frames that a kernel covers; a multiple of 8.</summary>
    public int TapCount { get; }

    /// <summary>Phases from one source frame to the next.</summary>
    public int PhaseCount { get; }

    /// <summary>Tap that falls on the source frame at or before the position.</summary>
    public int CentreTap => (TapCount / 2) - 1;

    /// <summary>The table for a step; made at the first call. Allocates.</summary>
    /// <param name="step">Source frames per project frame, above 0, at most 64.</param>
    public static SincTable For(double step) =>
        Tables.GetOrAdd(StretchOf(step), stretch => new Lazy<SincTable>(() => new SincTable(stretch))).Value;

    /// <summary>The kernel at a phase, 0 to <see cref="PhaseCount"/>.</summary>
    public ReadOnlySpan<float> Row(int phase) => _rows.AsSpan(phase * TapCount, TapCount);

    private static double StretchOf(double step)
    {
        if (step <= 1)
        {
            return 1;
        }

        var octave = 1.0;
        while (octave * 2 < step)
        {
            octave *= 2;
        }

        return Math.Ceiling(step / octave * StretchesPerOctave) / StretchesPerOctave * octave;
    }

    private void FillRow(double[] row, double fraction, double stretch)
    {
        var sum = 0.0;
        for (var tap = 0; tap < row.Length; tap++)
        {
            row[tap] = KaiserSinc.At((tap - CentreTap - fraction) / stretch);
            sum += row[tap];
        }

        // Each phase passes a constant exactly; else the phases' ripple would sound as a tone under a constant.
        for (var tap = 0; tap < row.Length; tap++)
        {
            row[tap] /= sum;
        }
    }
}
