using Loophole.Cluster.Timeline;

namespace Loophole.DawProject.Resolving;

/// <summary>A timeline that runs along with the project, from a place where both are known: in seconds as they pass, in beats as the tempo has it.</summary>
internal sealed class ProjectScope : TimeScope
{
    /// <summary>A moving tempo is cut into straight lines of this many beats.</summary>
    public const double RampStep = 1.0 / 16;

    private readonly TempoMap _tempo;
    private readonly double _origin;

    /// <param name="tempo">The tempo.</param>
    /// <param name="unit">The timeline's unit.</param>
    /// <param name="time">A time of the timeline.</param>
    /// <param name="seconds">The project seconds of that time.</param>
    public ProjectScope(TempoMap tempo, DawTimeUnit unit, double time, double seconds)
    {
        _tempo = tempo;
        Unit = unit;
        _origin = (unit == DawTimeUnit.Seconds ? seconds : BeatsAt(tempo, seconds)) - time;
    }

    public override DawTimeUnit Unit { get; }

    public override bool IsRealTime => Unit == DawTimeUnit.Seconds;

    public override double SecondsAt(double time) => Unit == DawTimeUnit.Seconds ? _origin + time : SecondsAt(_tempo, _origin + time);

    public override double TimeAt(double seconds) => (Unit == DawTimeUnit.Seconds ? seconds : BeatsAt(_tempo, seconds)) - _origin;

    public override void AddBends(double from, double to, List<double> bends)
    {
        if (Unit == DawTimeUnit.Seconds)
        {
            return;
        }

        var points = _tempo.Points;
        var firstBeat = BeatsAt(_tempo, from);
        var lastBeat = BeatsAt(_tempo, to);
        var index = LastBefore(firstBeat);
        for (; index < points.Length && points[index].Beat < lastBeat; index++)
        {
            var point = points[index];
            if (point.Beat > firstBeat)
            {
                bends.Add(_tempo.SecondsAt(point.Beat));
            }

            if (point.Curve == TempoMapCurve.Step || index == points.Length - 1 || point.Bpm == points[index + 1].Bpm)
            {
                continue;
            }

            // The grid starts at the tempo point, so that every clip sees the same cuts.
            var rampEnd = Math.Min(points[index + 1].Beat, lastBeat);
            var step = Math.Max(1, Math.Floor((firstBeat - point.Beat) / RampStep));
            for (var beat = point.Beat + (step * RampStep); beat < rampEnd && bends.Count <= DawProjectLimits.Pieces; beat = point.Beat + (++step * RampStep))
            {
                if (beat > firstBeat)
                {
                    bends.Add(_tempo.SecondsAt(beat));
                }
            }
        }
    }

    /// <summary>Hostile times may overflow on their way here; what comes out is refused as a time by whoever asked.</summary>
    private static double SecondsAt(TempoMap tempo, double beats) => double.IsFinite(beats) ? tempo.SecondsAt(beats) : double.NaN;

    private static double BeatsAt(TempoMap tempo, double seconds) => double.IsFinite(seconds) ? tempo.BeatsAt(seconds) : double.NaN;

    private int LastBefore(double beat)
    {
        var low = 0;
        var high = _tempo.Points.Length - 1;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            if (_tempo.Points[middle].Beat <= beat)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
