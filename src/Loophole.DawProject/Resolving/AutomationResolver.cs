using System.Collections.Immutable;
using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Resolving;

/// <summary>Turns lanes of points into automation in frames.</summary>
internal sealed class AutomationResolver(ResolveContext context, ParameterRegistry parameters, string? tempoId)
{
    /// <summary>A curve is cut until the straight lines miss it by no more than this part of the value (0.001 dB).</summary>
    private const double CurveTolerance = 1e-4;

    private const int MaxHalvings = 12;

    private readonly List<AutomationPoint> _points = [];
    private readonly List<double> _bends = [];

    public void Resolve(DawPoints points, TimeScope scope)
    {
        if (points.Target?.Parameter is { Length: > 0 } id)
        {
            ResolveParameter(points, scope, id);
            return;
        }

        var target = points.Target?.Expression ?? "nothing";
        context.Reports.Add(DawProjectReportKind.Ignored, points, $"Automation of {ReportLog.Shorten(target)} is kept and not applied.");
    }

    private void ResolveParameter(DawPoints points, TimeScope scope, string id)
    {
        if (id == tempoId)
        {
            return;
        }

        if (parameters.Find(id) is not { } slot)
        {
            context.Reports.Add(DawProjectReportKind.Ignored, points, $"The automation's target \"{ReportLog.Shorten(id)}\" is no parameter that is used here; it is kept and not applied.");
        }
        else if (slot.IsFixed)
        {
            context.Reports.Add(DawProjectReportKind.Ignored, points, $"The parameter {slot.Name} cannot be automated here; its value holds.");
        }
        else if (!slot.Automation.IsEmpty)
        {
            context.Reports.Add(DawProjectReportKind.Ignored, points, $"The parameter {slot.Name} has automation already; the first lane counts.");
        }
        else
        {
            slot.Automation = Convert(points, scope, slot);
        }
    }

    private ImmutableArray<AutomationPoint> Convert(DawPoints points, TimeScope scope, ParameterSlot slot)
    {
        var unit = points.Unit ?? (slot.Source as DawRealParameter)?.Unit ?? DawUnit.Linear;
        var sorted = points.Points.Where(point => ValueOf(point) is not null).OrderBy(point => point.Time).ToArray();
        if (sorted.Length < points.Points.Length)
        {
            context.Reports.Add(DawProjectReportKind.Ignored, points, "Points of a kind that does not fit the parameter are left out.");
        }

        _points.Clear();
        for (var index = 0; index < sorted.Length; index++)
        {
            var point = sorted[index];
            context.Piece(point);
            var isLinear = point is DawRealPoint { Interpolation: DawInterpolation.Linear } && slot.Kind != ValueKind.Switch && index + 1 < sorted.Length;
            var seconds = context.CheckTime(scope.SecondsAt(point.Time), point);
            var value = ValueOf(point)!.Value;
            Add(new AutomationPoint(context.FrameAt(seconds), UnitConversion.Convert(slot.Kind, unit, value, slot.Source), isLinear));
            if (isLinear)
            {
                var next = sorted[index + 1];
                var end = context.CheckTime(scope.SecondsAt(next.Time), next);
                AddBetween(new Line(point, scope, seconds, end, next.Time, value, ValueOf(next)!.Value, slot, unit));
            }
        }

        return [.. _points];
    }

    private static double? ValueOf(DawPoint point) => point switch
    {
        DawRealPoint real => real.Value,
        DawBoolPoint boolean => boolean.Value ? 1 : 0,
        DawIntegerPoint integer => integer.Value,
        DawEnumPoint choice => choice.Value,
        _ => null,
    };

    /// <summary>The points between two: where the tempo bends the line in time, and where the unit bends it in value.</summary>
    private void AddBetween(in Line line)
    {
        _bends.Clear();
        line.Scope.AddBends(line.Start, line.End, _bends);
        context.Step(line.From, _bends.Count);
        _bends.Sort();
        var curved = !UnitConversion.IsStraight(line.Slot.Kind, line.Unit) && double.IsFinite(line.FirstValue) && double.IsFinite(line.LastValue);
        var last = line.Start;
        foreach (var bend in _bends)
        {
            if (curved)
            {
                Halve(line, last, bend, 0);
            }

            AddInner(line, bend);
            last = bend;
        }

        if (curved)
        {
            Halve(line, last, line.End, 0);
        }
    }

    private void Halve(in Line line, double from, double to, int depth)
    {
        var middle = (from + to) / 2;
        var first = line.At(from);
        var last = line.At(to);
        var miss = Math.Abs(line.At(middle) - ((first + last) / 2));
        if (depth == MaxHalvings || context.FrameAt(to) - context.FrameAt(from) < 2 || miss <= CurveTolerance * Math.Max(Math.Abs(first), Math.Abs(last)))
        {
            return;
        }

        Halve(line, from, middle, depth + 1);
        AddInner(line, middle);
        Halve(line, middle, to, depth + 1);
    }

    private void AddInner(in Line line, double seconds)
    {
        var frame = context.FrameAt(seconds);
        if (frame > _points[^1].Frame && frame < context.FrameAt(line.End))
        {
            context.Piece(line.From);
            _points.Add(new AutomationPoint(frame, line.At(seconds), IsLinear: true));
        }
    }

    /// <summary>Adds a point of the file. Of two on one frame the later counts, but a line that led to the earlier one still ends where it led.</summary>
    private void Add(AutomationPoint point)
    {
        if (_points.Count == 0 || _points[^1].Frame != point.Frame)
        {
            _points.Add(point);
            return;
        }

        var reached = _points[^1];
        _points.RemoveAt(_points.Count - 1);
        if (_points.Count > 0 && _points[^1] is { IsLinear: true } start)
        {
            var frame = point.Frame - 1;
            if (frame > start.Frame)
            {
                var part = (double)(frame - start.Frame) / (point.Frame - start.Frame);
                _points.Add(new AutomationPoint(frame, start.Value + ((reached.Value - start.Value) * part), IsLinear: false));
            }
            else
            {
                _points[^1] = start with { IsLinear = false };
            }
        }

        _points.Add(point);
    }

    /// <summary>A straight line between two points of the file.</summary>
    private readonly record struct Line(DawPoint From, TimeScope Scope, double Start, double End, double LastTime, double FirstValue, double LastValue, ParameterSlot Slot, DawUnit Unit)
    {
        /// <summary>The value in our unit at project seconds.</summary>
        public double At(double seconds)
        {
            var part = Math.Clamp((Scope.TimeAt(seconds) - From.Time) / (LastTime - From.Time), 0, 1);
            if (double.IsFinite(FirstValue) && double.IsFinite(LastValue))
            {
                return UnitConversion.Convert(Slot.Kind, Unit, FirstValue + ((LastValue - FirstValue) * part), Slot.Source);
            }

            // There is no straight line in decibels to or from silence; it is one in gain.
            var first = UnitConversion.Convert(Slot.Kind, Unit, FirstValue, Slot.Source);
            return first + ((UnitConversion.Convert(Slot.Kind, Unit, LastValue, Slot.Source) - first) * part);
        }
    }
}
