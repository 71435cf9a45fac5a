namespace Loophole.DawProject.Resolving;

/// <summary>Goes through the lanes of the arrangement and hands clips to their tracks and points to their parameters.</summary>
internal sealed class ArrangementWalker(ResolveContext context, AutomationResolver automation, IReadOnlyDictionary<string, TrackContent> tracks)
{
    public void Walk(DawArrangement arrangement)
    {
        if (arrangement.Lanes is not { } lanes)
        {
            return;
        }

        var timelines = new Dictionary<string, DawTimeline>(StringComparer.Ordinal);
        Index(lanes, timelines);
        var clips = new ClipResolver(context, timelines);
        Walk(lanes, new ProjectScope(context.Tempo, DawTimeUnit.Beats, 0, 0), null, clips);
    }

    private static void Index(DawTimeline timeline, Dictionary<string, DawTimeline> timelines)
    {
        if (!string.IsNullOrEmpty(timeline.Id))
        {
            timelines.TryAdd(timeline.Id, timeline);
        }

        switch (timeline)
        {
            case DawLanes lanes:
                foreach (var lane in lanes.Lanes)
                {
                    Index(lane, timelines);
                }

                break;
            case DawClips clips:
                foreach (var clip in clips.Clips)
                {
                    if (clip.Content is { } content)
                    {
                        Index(content, timelines);
                    }
                }

                break;
            case DawWarps { Content: { } warped }:
                Index(warped, timelines);
                break;
        }
    }

    private void Walk(DawTimeline timeline, TimeScope scope, string? track, ClipResolver clips)
    {
        context.Step(timeline);
        track = string.IsNullOrEmpty(timeline.Track) ? track : timeline.Track;
        var inner = clips.Enter(scope, timeline.TimeUnit);
        switch (timeline)
        {
            case DawLanes lanes:
                foreach (var lane in lanes.Lanes)
                {
                    Walk(lane, inner, track, clips);
                }

                break;
            case DawPoints points:
                automation.Resolve(points, inner);
                break;
            case DawMarkers:
                break;
            case DawClips { Clips.IsEmpty: true }:
                break;
            case DawOpaqueTimeline:
                context.Reports.Add(DawProjectReportKind.Ignored, timeline, "This kind of content is kept and not played.");
                break;
            default:
                if (TrackOf(timeline, track) is { } content)
                {
                    Play(timeline, scope, inner, content, clips);
                }

                break;
        }
    }

    private static void Play(DawTimeline timeline, TimeScope scope, TimeScope inner, TrackContent content, ClipResolver clips)
    {
        if (timeline is DawClips row)
        {
            clips.ResolveClips(row, inner, new Window(0, ResolveContext.LastSecond), content, 0);
        }
        else
        {
            clips.ResolveBare(timeline, scope, content);
        }
    }

    private TrackContent? TrackOf(DawTimeline timeline, string? track)
    {
        if (track is null)
        {
            context.Reports.Add(DawProjectReportKind.Ignored, timeline, "The content belongs to no track and is not played.");
            return null;
        }

        return tracks.TryGetValue(track, out var content)
            ? content
            : throw context.Fail(DawProjectError.DanglingReference, timeline, $"belongs to \"{ReportLog.Shorten(track)}\", which is no track");
    }
}
