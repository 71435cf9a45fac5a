namespace Loophole.DawProject.Reading;

/// <summary>Reads clips and notes.</summary>
internal static class ClipReader
{
    public static DawClip Read(ElementCursor cursor) => new()
    {
        Name = cursor.Text("name"),
        Color = cursor.Text("color"),
        Comment = cursor.Text("comment"),
        Time = cursor.RequiredNumber("time"),
        Duration = cursor.Number("duration"),
        ContentTimeUnit = cursor.Word("contentTimeUnit", DawWords.TimeUnits),
        PlayStart = cursor.Number("playStart"),
        PlayStop = cursor.Number("playStop"),
        LoopStart = cursor.Number("loopStart"),
        LoopEnd = cursor.Number("loopEnd"),
        FadeTimeUnit = cursor.Word("fadeTimeUnit", DawWords.TimeUnits),
        FadeInTime = cursor.Number("fadeInTime"),
        FadeOutTime = cursor.Number("fadeOutTime"),
        Enable = cursor.Switch("enable"),
        Reference = cursor.Text("reference"),
        Content = TimelineReader.ReadContent(cursor),
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    public static DawNote ReadNote(ElementCursor cursor) => new()
    {
        Time = cursor.RequiredNumber("time"),
        Duration = cursor.RequiredNumber("duration"),
        Channel = cursor.Integer("channel") ?? 0,
        Key = cursor.RequiredInteger("key"),
        Velocity = cursor.ExtendedNumber("vel"),
        ReleaseVelocity = cursor.ExtendedNumber("rel"),
        Content = TimelineReader.ReadContent(cursor),
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };
}
