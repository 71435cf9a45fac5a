using Loophole.Cluster.Graph;

namespace Loophole.DawProject.Resolving;

/// <summary>Follows clips inwards, through clips in clips, loops and warps, down to audio and notes.</summary>
internal sealed class ClipResolver(ResolveContext context, IReadOnlyDictionary<string, DawTimeline> timelines)
{
    private const int MaxNesting = 64;
    private const double DefaultVelocity = 0.8;

    private readonly AudioPlacer _audio = new(context);

    /// <summary>The scope of a timeline whose unit may differ from that around it; both count from the same place.</summary>
    public TimeScope Enter(TimeScope scope, DawTimeUnit? unit) =>
        unit is not { } own || own == scope.Unit ? scope : new ProjectScope(context.Tempo, own, 0, scope.SecondsAt(0));

    /// <summary>Clips side by side; one without a name goes by that of the clip around it.</summary>
    public void ResolveClips(DawClips clips, TimeScope scope, Window window, TrackContent target, int nesting, DawNamedElement? owner = null)
    {
        foreach (var clip in clips.Clips)
        {
            ResolveClip(clip, string.IsNullOrEmpty(clip.Name) && owner is not null ? owner : clip, scope, window, target, nesting);
        }
    }

    /// <summary>Content that stands in a lane without a clip around it.</summary>
    public void ResolveBare(DawTimeline timeline, TimeScope scope, TrackContent target)
    {
        var end = context.CheckTime(EndOf(timeline, scope, timeline, 0), timeline);
        if (end > 0)
        {
            Resolve(timeline, timeline, scope, new Window(0, end), target, 0);
        }
    }

    private void Resolve(DawTimeline timeline, DawNamedElement clip, TimeScope scope, Window window, TrackContent target, int nesting)
    {
        context.Step(clip);
        if (nesting > MaxNesting)
        {
            throw context.Fail(DawProjectError.BadTimeline, clip, "lies in too many others, or refers to itself");
        }

        var inner = Enter(scope, timeline.TimeUnit);
        switch (timeline)
        {
            case DawAudio audio:
                _audio.Place(audio, clip, Enter(scope, DawTimeUnit.Seconds), window, target);
                break;
            case DawWarps warps:
                ResolveWarps(warps, clip, inner, window, target, nesting);
                break;
            case DawClips clips:
                ResolveClips(clips, inner, window, target, nesting + 1, clip);
                break;
            case DawLanes lanes:
                foreach (var lane in lanes.Lanes)
                {
                    Resolve(lane, clip, inner, window, target, nesting + 1);
                }

                break;
            case DawNotes notes:
                ResolveNotes(notes, inner, window, target);
                break;
            case DawPoints points:
                context.Reports.Add(DawProjectReportKind.Ignored, points, "Automation and expression inside a clip are kept and not applied.");
                break;
            case DawMarkers:
                break;
            default:
                context.Reports.Add(DawProjectReportKind.Ignored, timeline, "This kind of content is kept and not played.");
                break;
        }
    }

    private void ResolveWarps(DawWarps warps, DawNamedElement clip, TimeScope scope, Window window, TrackContent target, int nesting)
    {
        if (warps.Content is not { } content)
        {
            throw context.Fail(DawProjectError.Missing, warps, "has nothing in it to warp");
        }

        context.Step(warps, warps.Warps.Length);
        for (var index = 1; index < warps.Warps.Length; index++)
        {
            var from = warps.Warps[index - 1];
            var to = warps.Warps[index];
            if (!(to.Time > from.Time && to.ContentTime > from.ContentTime))
            {
                throw context.Fail(DawProjectError.BadTimeline, to, $"of {clip.Describe()} does not lie after the one before it, inside and outside");
            }
        }

        if (warps.Warps.Length < 2)
        {
            // A single point says where, but not how fast: the content runs in real time from there.
            context.Reports.Add(DawProjectReportKind.Assumed, warps, "There are fewer than two warp points; the content plays at its own speed.");
            var (time, contentTime) = warps.Warps.IsEmpty ? (0, 0) : (warps.Warps[0].Time, warps.Warps[0].ContentTime);
            Resolve(content, clip, new ProjectScope(context.Tempo, warps.ContentTimeUnit, contentTime, scope.SecondsAt(time)), window, target, nesting + 1);
            return;
        }

        Resolve(content, clip, new WarpScope(scope, warps.ContentTimeUnit, warps.Warps), window, target, nesting + 1);
    }

    private void ResolveClip(DawClip clip, DawNamedElement owner, TimeScope scope, Window outer, TrackContent target, int nesting)
    {
        context.Step(clip);
        if (clip.Enable == false)
        {
            context.Reports.Add(DawProjectReportKind.Ignored, clip, "The clip is disabled and not played.");
            return;
        }

        if (ContentOf(clip) is not { } content)
        {
            return;
        }

        var placed = Place(clip, content, scope, nesting);
        var window = Clip(clip, placed, outer, scope);
        if (window.IsEmpty)
        {
            return;
        }

        if (placed.LoopLength > 0)
        {
            ResolveLoop(owner, content, placed, window, target, nesting);
        }
        else
        {
            Resolve(content, owner, placed.Inside, window, target, nesting);
        }
    }

    private DawTimeline? ContentOf(DawClip clip)
    {
        if (clip.Content is { } content)
        {
            return content;
        }

        if (string.IsNullOrEmpty(clip.Reference))
        {
            context.Reports.Add(DawProjectReportKind.Ignored, clip, "The clip has no content.");
            return null;
        }

        if (timelines.TryGetValue(clip.Reference, out var referred))
        {
            return referred;
        }

        context.Reports.Add(DawProjectReportKind.Ignored, clip, "The clip refers to something that is no timeline of the arrangement; it is not played.");
        return null;
    }

    private PlacedClip Place(DawClip clip, DawTimeline content, TimeScope scope, int nesting)
    {
        var start = context.CheckTime(scope.SecondsAt(clip.Time), clip);
        var playStart = clip.PlayStart ?? 0;
        var unit = clip.ContentTimeUnit ?? scope.Unit;
        TimeScope inside = unit == scope.Unit ? new ShiftedScope(scope, clip.Time - playStart) : new ProjectScope(context.Tempo, unit, playStart, start);
        var loopStart = clip.LoopStart ?? 0;
        var loopLength = clip.LoopEnd is { } loopEnd && loopEnd > loopStart && playStart < loopEnd ? loopEnd - loopStart : 0;
        if (clip.LoopEnd is not null && loopLength == 0)
        {
            context.Reports.Add(DawProjectReportKind.Ignored, clip, "The loop has no length or ends before playing starts; the clip plays once.");
        }

        double end;
        if (clip.Duration is { } duration)
        {
            end = duration >= 0 ? scope.SecondsAt(clip.Time + duration) : throw context.Fail(DawProjectError.BadValue, clip, "has a negative duration");
        }
        else if (clip.PlayStop is { } stop)
        {
            end = inside.SecondsAt(stop);
        }
        else
        {
            end = loopLength > 0 ? inside.SecondsAt(loopStart + loopLength) : EndOf(content, inside, clip, nesting);
        }

        if (loopLength == 0 && clip.PlayStop is { } playStop)
        {
            end = Math.Min(end, inside.SecondsAt(playStop));
        }

        return new PlacedClip(start, context.CheckTime(end, clip), inside, loopStart, loopLength);
    }

    /// <summary>What of a clip is heard through those around it, and under which fades.</summary>
    private Window Clip(DawClip clip, PlacedClip placed, Window outer, TimeScope scope)
    {
        var start = placed.Start;
        var fadeIn = FadeLength(clip, clip.FadeInTime ?? 0, start, scope, forward: true);
        if (clip.FadeInTime < 0)
        {
            // A negative fade-in is a cross-fade: the clip starts that much earlier.
            fadeIn = FadeLength(clip, -clip.FadeInTime.Value, start, scope, forward: false);
            start -= fadeIn;
        }

        if (clip.FadeOutTime < 0)
        {
            context.Reports.Add(DawProjectReportKind.Ignored, clip, "A negative fade-out means nothing; there is none.");
        }

        var fadeOut = FadeLength(clip, Math.Max(0, clip.FadeOutTime ?? 0), placed.End, scope, forward: false);
        if (start < 0 && outer.Start == 0)
        {
            context.Reports.Add(DawProjectReportKind.Ignored, clip, "What lies before the start of the project is not heard.");
        }

        var window = new Window(Math.Max(start, outer.Start), Math.Min(placed.End, outer.End));
        return window with
        {
            FadeIn = Choose(clip, outer.FadeIn, new Window.Span(start, start + fadeIn), window),
            FadeOut = Choose(clip, outer.FadeOut, new Window.Span(placed.End - fadeOut, placed.End), window),
        };
    }

    private double FadeLength(DawClip clip, double length, double at, TimeScope scope, bool forward)
    {
        if (length <= 0)
        {
            return 0;
        }

        var seconds = length;
        if ((clip.FadeTimeUnit ?? scope.Unit) == DawTimeUnit.Beats)
        {
            var beat = context.Tempo.BeatsAt(at);
            var other = forward ? beat + length : beat - length;
            seconds = double.IsFinite(other) ? Math.Abs(context.Tempo.SecondsAt(other) - at) : double.NaN;
        }

        return context.CheckTime(seconds, clip);
    }

    private Window.Span Choose(DawClip clip, Window.Span outer, Window.Span own, Window window)
    {
        if (!outer.Touches(window.Start, window.End))
        {
            return own;
        }

        if (own.Touches(window.Start, window.End))
        {
            context.Reports.Add(DawProjectReportKind.Approximated, clip, "Two fades lie on each other; only that of the outer clip is heard.");
        }

        return outer;
    }

    private void ResolveLoop(DawNamedElement clip, DawTimeline content, PlacedClip placed, Window window, TrackContent target, int nesting)
    {
        var loopEnd = placed.LoopStart + placed.LoopLength;
        var passes = Math.Ceiling((placed.Inside.TimeAt(window.End) - loopEnd) / placed.LoopLength) + 1;
        if (!(passes < DawProjectLimits.Pieces))
        {
            throw context.Fail(DawProjectError.TooLarge, clip, "loops more often than is accepted");
        }

        // Passes that end before the window are nothing but time lost; one is kept for rounding.
        var first = Math.Max(0, Math.Floor((placed.Inside.TimeAt(window.Start) - loopEnd) / placed.LoopLength));
        for (var pass = first; pass <= passes; pass++)
        {
            context.Step(clip);
            var shift = pass * placed.LoopLength;
            var start = pass == 0 ? window.Start : placed.Inside.SecondsAt(placed.LoopStart + shift);
            var end = placed.Inside.SecondsAt(loopEnd + shift);
            var heard = window with { Start = Math.Max(window.Start, start), End = Math.Min(window.End, end) };
            if (!heard.IsEmpty)
            {
                var scope = shift == 0 ? placed.Inside : new ShiftedScope(placed.Inside, shift);
                Resolve(content, clip, scope, heard, target, nesting);
            }

            if (end >= window.End)
            {
                break;
            }
        }
    }

    private void ResolveNotes(DawNotes notes, TimeScope scope, Window window, TrackContent target)
    {
        foreach (var note in notes.Notes)
        {
            context.Step(note);
            var start = scope.SecondsAt(note.Time);
            if (!(start >= window.Start && start < window.End))
            {
                continue;
            }

            if (note.Key is < 0 or > 127 || note.Channel is < 0 or > 15 || note.Duration < 0)
            {
                context.Reports.Add(DawProjectReportKind.Ignored, note, "The key, channel or duration of the note is out of range; it is left out.");
                continue;
            }

            context.Piece(note);
            var startFrame = context.FrameAt(start);
            var endFrame = context.FrameAt(Math.Min(window.End, scope.SecondsAt(note.Time + note.Duration)));
            var velocity = double.IsFinite(note.Velocity ?? 0) ? Math.Clamp(note.Velocity ?? DefaultVelocity, 0, 1) : 1;
            target.Notes.Add(new NoteRegion(startFrame, Math.Max(endFrame, startFrame + 1), note.Key, note.Channel, velocity));
        }
    }

    /// <summary>Project seconds where content ends that no clip bounds.</summary>
    private double EndOf(DawTimeline timeline, TimeScope scope, DawNamedElement clip, int nesting)
    {
        context.Step(clip);
        if (nesting > MaxNesting)
        {
            throw context.Fail(DawProjectError.BadTimeline, clip, "lies in too many others, or refers to itself");
        }

        var inner = Enter(scope, timeline.TimeUnit);
        var end = scope.SecondsAt(0);
        switch (timeline)
        {
            case DawAudio audio:
                return Enter(scope, DawTimeUnit.Seconds).SecondsAt(audio.Duration);
            case DawWarps { Warps.IsEmpty: false } warps:
                return inner.SecondsAt(warps.Warps[^1].Time);
            case DawLanes lanes:
                foreach (var lane in lanes.Lanes)
                {
                    end = Math.Max(end, EndOf(lane, inner, clip, nesting + 1));
                }

                return end;
            case DawClips clips:
                foreach (var child in clips.Clips)
                {
                    if (ContentOf(child) is { } content)
                    {
                        end = Math.Max(end, Place(child, content, inner, nesting + 1).End);
                    }
                }

                return end;
            case DawNotes notes:
                foreach (var note in notes.Notes)
                {
                    context.Step(note);
                    end = Math.Max(end, inner.SecondsAt(note.Time + note.Duration));
                }

                return end;
            default:
                return end;
        }
    }

    /// <summary>A clip in project seconds, and the scope of its content.</summary>
    private readonly record struct PlacedClip(double Start, double End, TimeScope Inside, double LoopStart, double LoopLength);
}
