using System.Collections.Immutable;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Playback;

/// <summary>The transport as Pulse decides it: segments at render frames, made ahead of time. The only place where it is known what plays when. One caller at a time.</summary>
/// <remarks>What was made is final; more is made by <see cref="ExtendTo"/>, which unrolls a loop pass by pass. Starts playing at render frame 0.</remarks>
internal sealed class TransportSchedule
{
    private readonly LoopRegion? _loop;
    private readonly List<TransportEvent> _made = [];
    private int _told;

    /// <param name="projectFrame">Where playing starts, 0 or more.</param>
    /// <param name="loop">What is repeated once playing reaches its end, or <see langword="null"/>. Playing that starts at or after its end never does.</param>
    public TransportSchedule(long projectFrame, LoopRegion? loop)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(projectFrame);
        _loop = loop?.FindFault() is { } fault ? throw new ArgumentException(fault, nameof(loop)) : loop;
        _made.Add(new TransportEvent { Frame = 0, Sequence = 0, ProjectFrame = projectFrame, IsPlaying = true });
    }

    /// <summary>Every segment made so far, in order.</summary>
    public IReadOnlyList<TransportEvent> Made => _made;

    /// <summary>No segment will start before this render frame that is not made.</summary>
    public long KnownBefore { get; private set; }

    /// <summary>Makes what starts before a render frame.</summary>
    /// <returns>The segments that were not returned before, in order.</returns>
    public ImmutableArray<TransportEvent> ExtendTo(long frame)
    {
        while (FindPassEnd(_made[^1]) is { } end && end < frame)
        {
            _made.Add(new TransportEvent { Frame = end, Sequence = _made.Count, ProjectFrame = _loop!.StartFrame, IsPlaying = true });
        }

        KnownBefore = Math.Max(KnownBefore, frame);
        var news = _made[_told..];
        _told = _made.Count;
        return [.. news];
    }

    /// <summary>The project frame that is heard at a render frame, of those made.</summary>
    public long ProjectFrameAt(long frame)
    {
        var segment = _made.FindLast(made => made.Frame <= frame) ?? _made[0];
        return segment.ProjectFrame + frame - segment.Frame;
    }

    private long? FindPassEnd(TransportEvent segment) =>
        _loop is not null && segment.ProjectFrame < _loop.EndFrame ? segment.Frame + _loop.EndFrame - segment.ProjectFrame : null;
}
