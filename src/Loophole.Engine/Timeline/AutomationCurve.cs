using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Timeline;

/// <summary>The automation of one parameter, as straight lines in project time. Immutable.</summary>
internal sealed class AutomationCurve
{
    private readonly long[] _frames;
    private readonly double[] _values;
    private readonly double[] _slopes;

    /// <param name="points">One or more, finite, by strictly growing frame.</param>
    /// <param name="range">The parameter; values are clamped to its range.</param>
    public AutomationCurve(ImmutableArray<AutomationPoint> points, ParameterDescriptor range)
    {
        _frames = new long[points.Length];
        _values = new double[points.Length];
        _slopes = new double[points.Length];
        for (var i = 0; i < points.Length; i++)
        {
            _frames[i] = points[i].Frame;
            _values[i] = Math.Clamp(points[i].Value, range.Minimum, range.Maximum);
        }

        for (var i = 0; i + 1 < points.Length; i++)
        {
            _slopes[i] = points[i].IsLinear ? (_values[i + 1] - _values[i]) / (_frames[i + 1] - _frames[i]) : 0;
        }
    }

    /// <summary>The line that holds at a project frame, in project frames. Its origin is the automation point, so it does not depend on who asks where.</summary>
    /// <param name="projectFrame">The project frame.</param>
    /// <param name="endFrame">The project frame where the next line starts; <see cref="long.MaxValue"/> for none.</param>
    public ParameterRamp LineAt(long projectFrame, out long endFrame)
    {
        var next = Array.BinarySearch(_frames, projectFrame);
        next = next < 0 ? ~next : next + 1;
        endFrame = next < _frames.Length ? _frames[next] : long.MaxValue;
        return next == 0
            ? new ParameterRamp(_frames[0], _values[0], 0)
            : new ParameterRamp(_frames[next - 1], _values[next - 1], _slopes[next - 1]);
    }
}
