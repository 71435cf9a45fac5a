using System.Collections.Immutable;

namespace Loophole.Cluster.Timeline;

/// <summary>The tempo of a project: turns beats into seconds and back, exactly and the same on every machine. Immutable.</summary>
/// <remarks>
/// <para>A beat is a quarter note. Beat 0 is second 0 is project frame 0. Before the first point and after the last one the tempo is that of the point.</para>
/// <para>Both directions are closed forms, continuous and strictly growing; going there and back returns the argument within a few units in the last place.</para>
/// </remarks>
public sealed class TempoMap
{
    /// <summary>The slowest tempo, beats a minute.</summary>
    public const double MinimumBpm = 1;

    /// <summary>The fastest tempo, beats a minute.</summary>
    public const double MaximumBpm = 10_000;

    private const double LargestFrame = 1L << 53;

    private readonly double[] _seconds;

    /// <summary>Makes a map. [any]</summary>
    /// <param name="points">1 or more, by strictly growing beat.</param>
    /// <exception cref="ArgumentException">There is no point, a beat is not finite or does not grow, a tempo is out of range, or a curve is unknown.</exception>
    public TempoMap(ImmutableArray<TempoMapPoint> points)
    {
        if (points.IsDefaultOrEmpty)
        {
            throw new ArgumentException("A tempo map has at least one point.", nameof(points));
        }

        for (var index = 0; index < points.Length; index++)
        {
            Check(points, index);
        }

        Points = points;
        _seconds = new double[points.Length];
        for (var index = 1; index < points.Length; index++)
        {
            var previous = points[index - 1];
            _seconds[index] = _seconds[index - 1] + TempoMapSegment.Seconds(previous, points[index], points[index].Beat - previous.Beat);
        }

        var origin = SecondsAt(0);
        for (var index = 0; index < _seconds.Length; index++)
        {
            _seconds[index] -= origin;
        }
    }

    /// <summary>The points, by strictly growing beat; 1 or more. [any]</summary>
    public ImmutableArray<TempoMapPoint> Points { get; }

    /// <summary>A map with one tempo throughout. [any]</summary>
    /// <param name="bpm">Beats a minute, <see cref="MinimumBpm"/> to <see cref="MaximumBpm"/>.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentException">The tempo is out of range.</exception>
    public static TempoMap Constant(double bpm) => new([new TempoMapPoint(0, bpm)]);

    /// <summary>When a beat is. [any]</summary>
    /// <param name="beats">Position in beats; finite, may be negative.</param>
    /// <returns>Seconds from the start of the project.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beats"/> is not finite.</exception>
    public double SecondsAt(double beats)
    {
        ThrowIfNotFinite(beats, nameof(beats));
        var index = IndexOfBeat(beats);
        if (index < 0)
        {
            return _seconds[0] + (60 * (beats - Points[0].Beat) / Points[0].Bpm);
        }

        var from = Points[index];
        var into = beats - from.Beat;
        return _seconds[index] + (index == Points.Length - 1 ? 60 * into / from.Bpm : TempoMapSegment.Seconds(from, Points[index + 1], into));
    }

    /// <summary>What beat a time is. [any]</summary>
    /// <param name="seconds">Seconds from the start of the project; finite, may be negative.</param>
    /// <returns>Position in beats.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seconds"/> is not finite.</exception>
    public double BeatsAt(double seconds)
    {
        ThrowIfNotFinite(seconds, nameof(seconds));
        var index = Array.BinarySearch(_seconds, seconds);
        index = index >= 0 ? index : ~index - 1;
        if (index < 0)
        {
            return Points[0].Beat + ((seconds - _seconds[0]) * Points[0].Bpm / 60);
        }

        var from = Points[index];
        var into = seconds - _seconds[index];
        return from.Beat + (index == Points.Length - 1 ? from.Bpm * into / 60 : TempoMapSegment.Beats(from, Points[index + 1], into));
    }

    /// <summary>The project frame nearest to a beat. [any]</summary>
    /// <param name="beats">Position in beats; finite.</param>
    /// <param name="rate">Frames per second, 1 or more.</param>
    /// <returns>The nearest frame; exactly between two, the one farther from 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range, or the frame is beyond ±2⁵³.</exception>
    public long FrameAt(double beats, int rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, 1);
        var frame = Math.Round(SecondsAt(beats) * rate, MidpointRounding.AwayFromZero);
        return Math.Abs(frame) <= LargestFrame ? (long)frame : throw new ArgumentOutOfRangeException(nameof(beats), beats, "The frame is beyond ±2⁵³.");
    }

    private static void Check(ImmutableArray<TempoMapPoint> points, int index)
    {
        var point = points[index];
        if (!double.IsFinite(point.Beat) || (index > 0 && point.Beat <= points[index - 1].Beat))
        {
            throw new ArgumentException($"Tempo point {index} at beat {point.Beat} does not follow the one before it.", nameof(points));
        }

        if (point.Bpm is not (>= MinimumBpm and <= MaximumBpm))
        {
            throw new ArgumentException($"Tempo point {index} has {point.Bpm} beats a minute; {MinimumBpm} to {MaximumBpm} are possible.", nameof(points));
        }

        if (!Enum.IsDefined(point.Curve))
        {
            throw new ArgumentException($"Tempo point {index} has an unknown curve.", nameof(points));
        }
    }

    private static void ThrowIfNotFinite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "Not finite.");
        }
    }

    private int IndexOfBeat(double beats)
    {
        var low = 0;
        var high = Points.Length - 1;
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            if (Points[middle].Beat <= beats)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
