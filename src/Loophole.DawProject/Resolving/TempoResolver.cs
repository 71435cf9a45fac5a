using System.Collections.Immutable;
using Loophole.Cluster.Timeline;

namespace Loophole.DawProject.Resolving;

/// <summary>Finds tempo and time signatures of a project.</summary>
internal sealed class TempoResolver(string file, DawProjectDocument document, ReportLog reports)
{
    private const double DefaultBpm = 120;

    /// <summary>Beats by which the end of a tempo ramp lies before a jump at the same place.</summary>
    private const double JumpGap = 1e-9;

    public TempoMap ResolveTempo()
    {
        var transport = document.Transport?.Tempo;
        var (points, unit) = FindTempoPoints(transport);
        if (points is null || !points.Points.Any(point => point is DawRealPoint))
        {
            if (transport?.Value is not { } bpm)
            {
                reports.Add(DawProjectReportKind.Assumed, "Transport", $"There is no tempo; {DefaultBpm} beats a minute are taken.");
                return TempoMap.Constant(DefaultBpm);
            }

            return TempoMap.Constant(CheckBpm(bpm, transport));
        }

        if (points.Points.Any(point => point is not DawRealPoint))
        {
            reports.Add(DawProjectReportKind.Ignored, points, "Only real points move the tempo; others are left out.");
        }

        var real = points.Points.OfType<DawRealPoint>().OrderBy(point => point.Time).ToArray();
        return new TempoMap(unit == DawTimeUnit.Beats ? FromBeats(real) : FromSeconds(real));
    }

    public TimeSignatureMap ResolveTimeSignatures(TempoMap tempo)
    {
        var changes = new List<TimeSignatureChange>();
        var start = document.Transport?.TimeSignature;
        changes.Add(start is null ? new TimeSignatureChange(0, 4, 4) : Check(new TimeSignatureChange(0, start.Numerator, start.Denominator), start));
        var automation = document.Arrangement?.TimeSignatureAutomation;
        foreach (var point in automation?.Points.OfType<DawTimeSignaturePoint>().OrderBy(point => point.Time) ?? Enumerable.Empty<DawTimeSignaturePoint>())
        {
            var beat = automation!.TimeUnit == DawTimeUnit.Seconds ? tempo.BeatsAt(point.Time) : point.Time;
            var change = Check(new TimeSignatureChange(beat, point.Numerator, point.Denominator), point);
            if (beat <= changes[^1].Beat)
            {
                changes[^1] = change with { Beat = changes[^1].Beat };
            }
            else
            {
                changes.Add(change);
            }
        }

        return new TimeSignatureMap([.. changes]);
    }

    /// <summary>The tempo's own automation; some programs put it into a lane like any other.</summary>
    private (DawPoints? Points, DawTimeUnit Unit) FindTempoPoints(DawRealParameter? transport)
    {
        if (document.Arrangement?.TempoAutomation is { } automation)
        {
            return (automation, automation.TimeUnit ?? DawTimeUnit.Beats);
        }

        return string.IsNullOrEmpty(transport?.Id) || document.Arrangement?.Lanes is not { } lanes ? default : FindIn(lanes, transport.Id, DawTimeUnit.Beats);
    }

    private static (DawPoints? Points, DawTimeUnit Unit) FindIn(DawLanes lanes, string target, DawTimeUnit unit)
    {
        unit = lanes.TimeUnit ?? unit;
        foreach (var lane in lanes.Lanes)
        {
            var found = lane switch
            {
                DawPoints points when points.Target?.Parameter == target => (points, points.TimeUnit ?? unit),
                DawLanes inner => FindIn(inner, target, unit),
                _ => default,
            };
            if (found.Item1 is not null)
            {
                return found;
            }
        }

        return default;
    }

    private ImmutableArray<TempoMapPoint> FromBeats(DawRealPoint[] points)
    {
        var map = new List<TempoMapPoint>();
        foreach (var point in points)
        {
            var curve = point.Interpolation == DawInterpolation.Linear ? TempoMapCurve.LinearInBeats : TempoMapCurve.Step;
            Add(map, new TempoMapPoint(CheckTime(point), CheckBpm(point.Value, point), curve));
        }

        return [.. map];
    }

    /// <summary>Points in seconds: how many beats lie between two of them follows from the tempo there.</summary>
    private ImmutableArray<TempoMapPoint> FromSeconds(DawRealPoint[] points)
    {
        var map = new List<TempoMapPoint>();
        var beat = CheckTime(points[0]) * CheckBpm(points[0].Value, points[0]) / 60;
        for (var index = 0; index < points.Length; index++)
        {
            var point = points[index];
            var linear = point.Interpolation == DawInterpolation.Linear;
            Add(map, new TempoMapPoint(beat, CheckBpm(point.Value, point), linear ? TempoMapCurve.LinearInTime : TempoMapCurve.Step));
            if (index + 1 < points.Length)
            {
                var next = points[index + 1];
                var mean = linear ? (point.Value + CheckBpm(next.Value, next)) / 2 : point.Value;
                beat += (CheckTime(next) - point.Time) * mean / 60;
            }
        }

        return [.. map];
    }

    private static void Add(List<TempoMapPoint> map, TempoMapPoint point)
    {
        if (map.Count > 0 && point.Beat <= map[^1].Beat)
        {
            var rampEnd = map[^1].Beat - JumpGap;
            if (map.Count > 1 && map[^2].Curve != TempoMapCurve.Step && rampEnd > map[^2].Beat)
            {
                map[^1] = map[^1] with { Beat = rampEnd, Curve = TempoMapCurve.Step };
                map.Add(point with { Beat = rampEnd + JumpGap });
                return;
            }

            point = point with { Beat = map[^1].Beat };
            map.RemoveAt(map.Count - 1);
        }

        map.Add(point);
    }

    private double CheckBpm(double bpm, DawElement element) => bpm is >= TempoMap.MinimumBpm and <= TempoMap.MaximumBpm
        ? bpm
        : throw new DawProjectException(DawProjectError.BadValue, $"{file}: {element.Describe()} has a tempo of {bpm}; {TempoMap.MinimumBpm} to {TempoMap.MaximumBpm} beats a minute are possible.");

    private double CheckTime(DawPoint point) => Math.Abs(point.Time) <= TempoMap.MaximumBpm * DawProjectLimits.Hours * 60
        ? point.Time
        : throw new DawProjectException(DawProjectError.BadTimeline, $"{file}: {point.Describe()} reaches beyond any length.");

    private TimeSignatureChange Check(TimeSignatureChange change, DawElement element)
    {
        var possible = change.Numerator is >= 1 and <= TimeSignatureMap.Maximum && change.Denominator is >= 1 and <= TimeSignatureMap.Maximum && int.IsPow2(change.Denominator);
        return possible && Math.Abs(change.Beat) <= TempoMap.MaximumBpm * DawProjectLimits.Hours * 60
            ? change
            : throw new DawProjectException(DawProjectError.BadValue, $"{file}: {element.Describe()} is a time signature of {change.Numerator}/{change.Denominator} at beat {change.Beat}, which is not possible.");
    }
}
