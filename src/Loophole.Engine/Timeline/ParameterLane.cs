using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Timeline;

/// <summary>The value of one parameter at every frame: a pure function of its automation, the transport, the parameter events and the frame.</summary>
/// <remarks>
/// <para>Every line it hands out starts where an automation point, a segment or an event says, never where a block starts.</para>
/// <para>Events may be added while another thread asks for lines before them: what is known only ever grows, and an event is seen whole or not at all.</para>
/// </remarks>
/// <param name="descriptor">The parameter; values are clamped to its range, but for what is raised above its automation.</param>
/// <param name="value">The value in force where there is no automation, in range.</param>
/// <param name="automation">The automation, or <see langword="null"/>.</param>
internal sealed class ParameterLane(ParameterDescriptor descriptor, double value, AutomationCurve? automation)
{
    private ParameterOverride[] _overrides = [];
    private int _count;

    /// <summary>The events so far. The count is read before the array: an array that is newer has them all.</summary>
    private ReadOnlySpan<ParameterOverride> Known
    {
        get
        {
            var count = Volatile.Read(ref _count);
            return Volatile.Read(ref _overrides).AsSpan(0, count);
        }
    }

    /// <summary>The line that holds at a frame.</summary>
    /// <param name="frame">Node-local frame.</param>
    /// <param name="segment">The transport segment that holds there.</param>
    /// <param name="endFrame">Lowered to where the line ends, when that comes first.</param>
    public ParameterRamp LineAt(long frame, in TransportSegment segment, ref long endFrame)
    {
        var known = Known;
        var next = FirstAfter(known, frame);
        if (next < known.Length)
        {
            endFrame = Math.Min(endFrame, known[next].StartFrame);
        }

        if (next == 0 || known[next - 1].IsHandBack)
        {
            return AutomatedLineAt(frame, segment, ref endFrame);
        }

        var line = known[next - 1].LineAt(frame, ref endFrame);
        return known[next - 1].IsRelative ? Sum(AutomatedLineAt(frame, segment, ref endFrame), line) : line;
    }

    /// <summary>Takes the parameter over, or hands it back. Events come in order.</summary>
    /// <param name="frame">Where it takes effect.</param>
    /// <param name="target">The value to reach, finite; <see langword="null"/> hands back.</param>
    /// <param name="isRelative">Whether that is a distance from automation.</param>
    /// <param name="rampFrames">Frames of the line, 0 or more.</param>
    /// <param name="segment">The transport segment that holds at <paramref name="frame"/>, as far as events before this one say.</param>
    public void Add(long frame, double? target, bool isRelative, long rampFrames, in TransportSegment segment)
    {
        // The value in force is worked out here, where exactly the events before this one are known: the order (frame, sequence) decides,
        // not how far rendering has come.
        var endFrame = long.MaxValue;
        var start = isRelative ? DistanceAt(frame, segment) : LineAt(frame, segment, ref endFrame).At(frame);
        if (_count == _overrides.Length)
        {
            var more = new ParameterOverride[Math.Max(4, _count * 2)];
            _overrides.CopyTo(more, 0);
            Volatile.Write(ref _overrides, more);
        }

        _overrides[_count] = target is { } reached
            ? new ParameterOverride(frame, frame + rampFrames, start, isRelative ? reached : Math.Clamp(reached, descriptor.Minimum, descriptor.Maximum), isRelative, IsHandBack: false)
            : new ParameterOverride(frame, frame, 0, 0, IsRelative: false, IsHandBack: true);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>How far the value in force lies from automation.</summary>
    private double DistanceAt(long frame, in TransportSegment segment)
    {
        var endFrame = long.MaxValue;
        if (_count == 0 || _overrides[_count - 1].IsHandBack)
        {
            return 0;
        }

        var line = _overrides[_count - 1].LineAt(frame, ref endFrame).At(frame);
        return _overrides[_count - 1].IsRelative ? line : line - AutomatedLineAt(frame, segment, ref endFrame).At(frame);
    }

    /// <summary>Two lines as one, from where the later of them starts.</summary>
    private static ParameterRamp Sum(in ParameterRamp one, in ParameterRamp other)
    {
        var origin = Math.Max(one.OriginFrame, other.OriginFrame);
        return new ParameterRamp(origin, one.At(origin) + other.At(origin), one.SlopePerFrame + other.SlopePerFrame);
    }

    private ParameterRamp AutomatedLineAt(long frame, in TransportSegment segment, ref long endFrame)
    {
        if (automation is null)
        {
            return new ParameterRamp(0, value, 0);
        }

        var line = automation.LineAt(segment.ProjectFrameAt(frame), out var projectEnd);
        if (!segment.IsPlaying)
        {
            return new ParameterRamp(0, line.At(segment.ProjectStartFrame), 0);
        }

        var shift = segment.StartFrame - segment.ProjectStartFrame;
        if (projectEnd != long.MaxValue)
        {
            endFrame = Math.Min(endFrame, projectEnd + shift);
        }

        return line with { OriginFrame = line.OriginFrame + shift };
    }

    /// <summary>Index of the first event after a frame.</summary>
    private static int FirstAfter(ReadOnlySpan<ParameterOverride> known, long frame)
    {
        var (low, high) = (0, known.Length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (known[middle].StartFrame <= frame)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
