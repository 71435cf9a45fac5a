using System.Xml.Linq;

namespace Loophole.DawProject.Writing;

/// <summary>Writes timelines, clips, notes and points.</summary>
internal static class TimelineWriter
{
    public static XElement Write(DawTimeline timeline) => Write(timeline, timeline is DawMarkers ? "markers" : timeline.ElementName);

    public static XElement Write(DawTimeline timeline, string name)
    {
        if (timeline is DawOpaqueTimeline opaque)
        {
            return new XElement(opaque.Element);
        }

        var builder = new ElementBuilder(name).Word("timeUnit", DawWords.TimeUnits, timeline.TimeUnit).Text("track", timeline.Track).Named(timeline);
        return AddOwn(builder, timeline).Finish(timeline);
    }

    private static ElementBuilder AddOwn(ElementBuilder builder, DawTimeline timeline) => timeline switch
    {
        DawLanes lanes => builder.Add(lanes.Lanes.Select(Write)),
        DawClips clips => builder.Add(clips.Clips.Select(WriteClip)),
        DawNotes notes => builder.Add(notes.Notes.Select(WriteNote)),
        DawMarkers markers => builder.Add(markers.Markers.Select(WriteMarker)),
        DawAudio audio => builder
            .Text("algorithm", audio.Algorithm)
            .Integer("channels", audio.Channels)
            .Integer("sampleRate", audio.SampleRate)
            .Number("duration", audio.Duration)
            .Add(DeviceWriter.WriteFile(audio.File, "File")),
        DawWarps warps => builder
            .Word("contentTimeUnit", DawWords.TimeUnits, (DawTimeUnit?)warps.ContentTimeUnit)
            .Add(warps.Content is { } content ? Write(content) : null)
            .Add(warps.Warps.Select(warp => new ElementBuilder("Warp").Number("time", warp.Time).Number("contentTime", warp.ContentTime).Finish(warp))),
        DawPoints points => builder
            .Word("unit", DawWords.Units, points.Unit)
            .Add(points.Target is { } target ? WriteTarget(target) : null)
            .Add(points.Points.Select(WritePoint)),
        _ => builder,
    };

    private static XElement WriteClip(DawClip clip) => new ElementBuilder("Clip")
        .Number("time", clip.Time)
        .Number("duration", clip.Duration)
        .Word("contentTimeUnit", DawWords.TimeUnits, clip.ContentTimeUnit)
        .Number("playStart", clip.PlayStart)
        .Number("playStop", clip.PlayStop)
        .Number("loopStart", clip.LoopStart)
        .Number("loopEnd", clip.LoopEnd)
        .Word("fadeTimeUnit", DawWords.TimeUnits, clip.FadeTimeUnit)
        .Number("fadeInTime", clip.FadeInTime)
        .Number("fadeOutTime", clip.FadeOutTime)
        .Switch("enable", clip.Enable)
        .Text("reference", clip.Reference)
        .Named(clip)
        .Add(clip.Content is { } content ? Write(content) : null)
        .Finish(clip);

    private static XElement WriteNote(DawNote note) => new ElementBuilder("Note")
        .Number("time", note.Time)
        .Number("duration", note.Duration)
        .Integer("channel", note.Channel)
        .Integer("key", note.Key)
        .Number("vel", note.Velocity)
        .Number("rel", note.ReleaseVelocity)
        .Add(note.Content is { } content ? Write(content) : null)
        .Finish(note);

    private static XElement WriteMarker(DawMarker marker) => new ElementBuilder("Marker").Number("time", marker.Time).Named(marker).Finish(marker);

    private static XElement WriteTarget(DawAutomationTarget target) => new ElementBuilder("Target")
        .Text("parameter", target.Parameter)
        .Text("expression", target.Expression)
        .Integer("channel", target.Channel)
        .Integer("key", target.Key)
        .Integer("controller", target.Controller)
        .Finish(target);

    private static XElement WritePoint(DawPoint point)
    {
        var builder = new ElementBuilder(point.ElementName).Number("time", point.Time);
        switch (point)
        {
            case DawRealPoint real:
                builder.Number("value", real.Value).Word("interpolation", DawWords.Interpolations, real.Interpolation);
                break;
            case DawBoolPoint boolean:
                builder.Switch("value", boolean.Value);
                break;
            case DawIntegerPoint integer:
                builder.Integer("value", integer.Value);
                break;
            case DawEnumPoint choice:
                builder.Integer("value", choice.Value);
                break;
            case DawTimeSignaturePoint signature:
                builder.Integer("numerator", signature.Numerator).Integer("denominator", signature.Denominator);
                break;
        }

        return builder.Finish(point);
    }
}
