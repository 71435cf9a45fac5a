using System.Collections.Immutable;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Playback;

/// <summary>What plays when, as Pulse decides it: transport segments and parameter changes at render frames. The only place where that is known. One caller at a time.</summary>
/// <remarks><see cref="ExtendTo"/> makes more, a loop pass by pass; <see cref="Revise"/> changes what is made already. Changes that were asked for ahead stay where
/// they are, whatever is changed before them. Starts at render frame 0.</remarks>
internal sealed class PlaySchedule
{
    private readonly long _startFrame;
    private readonly long _preRollFrames;
    private readonly List<(TransportEvent Event, LoopRegion? Loop)> _segments = [];
    private readonly List<(long Frame, PlayChange Change)> _changes = [];
    private readonly List<ParameterEvent> _parameters = [];
    private long _sequence;

    /// <param name="projectFrame">Where playing starts, 0 or more.</param>
    /// <param name="preRollFrames">How much earlier it starts there, and wherever it is started again, 0 or more; before project frame 0 there is nothing.</param>
    /// <param name="loop">What is repeated once playing reaches its end, or <see langword="null"/>. Playing that starts at or after its end never does.</param>
    /// <param name="isPlaying">Whether it plays at once; else project time stands still where playing starts.</param>
    public PlaySchedule(long projectFrame, LoopRegion? loop, long preRollFrames = 0, bool isPlaying = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(projectFrame);
        ArgumentOutOfRangeException.ThrowIfNegative(preRollFrames);
        (_startFrame, _preRollFrames) = (projectFrame, preRollFrames);
        Begin(0, isPlaying ? projectFrame - preRollFrames : projectFrame, isPlaying, Checked(loop));
    }

    /// <summary>Nothing will happen before this render frame that is not made.</summary>
    public long KnownBefore { get; private set; }

    /// <summary>What was made from a render frame on, in order.</summary>
    public ImmutableArray<RenderEvent> MadeFrom(long frame) =>
        [.. _segments.Select(segment => segment.Event).Concat<RenderEvent>(_parameters).Where(made => made.Frame >= frame).OrderBy(made => made.Frame).ThenBy(made => made.Sequence)];

    /// <summary>Makes what happens before a render frame.</summary>
    /// <returns>What was not known before, in order.</returns>
    public ImmutableArray<RenderEvent> ExtendTo(long frame)
    {
        var known = KnownBefore;
        KnownBefore = Math.Max(KnownBefore, frame);
        Unroll(KnownBefore);
        return MadeFrom(known);
    }

    /// <summary>Sets parameters at a render frame before <see cref="KnownBefore"/>, in order.</summary>
    /// <returns>All that happens from there on, as far as it is known.</returns>
    public ImmutableArray<RenderEvent> Set(long frame, IEnumerable<PlayChange.SetParameter> sets)
    {
        foreach (var set in sets)
        {
            Add(frame, set);
        }

        return MadeFrom(frame);
    }

    /// <summary>Changes what project time does from a render frame on, after frame 0 and before <see cref="KnownBefore"/>.</summary>
    /// <returns>All that happens from there on, as far as it is known.</returns>
    public ImmutableArray<RenderEvent> Revise(long frame, PlayChange change)
    {
        _changes.Insert(_changes.FindLastIndex(earlier => earlier.Frame <= frame) + 1, (frame, change));
        _segments.RemoveAll(segment => segment.Event.Frame >= frame);
        foreach (var (at, what) in _changes.FindAll(later => later.Frame >= frame))
        {
            // With the pass that begins right there.
            Unroll(at + 1);
            Apply(at, what);
        }

        Unroll(KnownBefore);
        return MadeFrom(frame);
    }

    /// <summary>Adds a change of a parameter at a render frame before <see cref="KnownBefore"/>.</summary>
    public ParameterEvent Add(long frame, PlayChange.SetParameter set)
    {
        var change = set.At(frame, _sequence++);
        _parameters.Add(change);
        return change;
    }

    /// <summary>The project frame that is heard at a render frame.</summary>
    public long ProjectFrameAt(long frame)
    {
        var segment = SegmentAt(frame).Event;
        return segment.ProjectFrame + (segment.IsPlaying ? frame - segment.Frame : 0);
    }

    /// <summary>Whether project time runs at a render frame.</summary>
    public bool IsPlayingAt(long frame) => SegmentAt(frame).Event.IsPlaying;

    /// <summary>What is repeated at a render frame, or <see langword="null"/>.</summary>
    public LoopRegion? LoopAt(long frame) => SegmentAt(frame).Loop;

    private static LoopRegion? Checked(LoopRegion? loop) => loop?.FindFault() is { } fault ? throw new ArgumentException(fault, nameof(loop)) : loop;

    private (TransportEvent Event, LoopRegion? Loop) SegmentAt(long frame) =>
        _segments[Math.Max(0, _segments.FindLastIndex(segment => segment.Event.Frame <= frame))];

    private void Apply(long frame, PlayChange change)
    {
        var (now, loop) = SegmentAt(frame);
        var project = ProjectFrameAt(frame);
        // What begins at this very frame is replaced, but not that it starts state afresh.
        var resets = now.Frame == frame && now.ResetsState;
        _segments.RemoveAll(segment => segment.Event.Frame >= frame);
        switch (change)
        {
            case PlayChange.Run when !now.IsPlaying && _preRollFrames > 0:
                Begin(frame, project - _preRollFrames, isPlaying: true, loop, resetsState: true);
                break;
            case PlayChange.Run:
                Begin(frame, project, isPlaying: true, loop, resets);
                break;
            case PlayChange.Pause:
                Begin(frame, project, isPlaying: false, loop, resets);
                break;
            case PlayChange.Locate locate:
                Begin(frame, locate.ProjectFrame, now.IsPlaying, loop, resetsState: true);
                break;
            case PlayChange.Stop:
                Begin(frame, _startFrame, isPlaying: false, loop, resetsState: true);
                break;
            case PlayChange.Repeat repeat:
                // Where a pass would have begun, project time goes on from there or runs past it.
                Begin(frame, project, now.IsPlaying, Checked(repeat.Loop), resets);
                break;
        }
    }

    private void Begin(long frame, long projectFrame, bool isPlaying, LoopRegion? loop, bool resetsState = false) =>
        _segments.Add((new TransportEvent { Frame = frame, Sequence = _sequence++, ProjectFrame = projectFrame, IsPlaying = isPlaying, ResetsState = resetsState }, loop));

    /// <summary>Lets the last segment's loop begin anew as often as it does before a frame.</summary>
    private void Unroll(long frame)
    {
        while (_segments[^1] is ({ IsPlaying: true } last, { } loop) && last.ProjectFrame < loop.EndFrame && last.Frame + loop.EndFrame - last.ProjectFrame is var end && end < frame)
        {
            Begin(end, loop.StartFrame, isPlaying: true, loop);
        }
    }
}
