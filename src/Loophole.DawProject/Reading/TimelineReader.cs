using System.Collections.Immutable;
using System.Xml.Linq;

namespace Loophole.DawProject.Reading;

/// <summary>Reads timelines.</summary>
internal static class TimelineReader
{
    public static DawTimeline? ReadAny(ElementCursor cursor) => cursor.Element.Name.LocalName switch
    {
        "Lanes" => ReadLanes(cursor),
        "Clips" => Complete(cursor, new DawClips { Clips = [.. cursor.Children("Clip").Select(ClipReader.Read)] }),
        "Notes" => Complete(cursor, new DawNotes { Notes = [.. cursor.Children("Note").Select(ClipReader.ReadNote)] }),
        "Audio" => Complete(cursor, new DawAudio
        {
            File = DeviceReader.ReadFile(cursor.RequiredChild("File")),
            Duration = cursor.RequiredNumber("duration"),
            SampleRate = cursor.RequiredInteger("sampleRate"),
            Channels = cursor.RequiredInteger("channels"),
            Algorithm = cursor.Text("algorithm"),
        }),
        "Warps" => ReadWarps(cursor),
        "Points" => ReadPoints(cursor),
        "Markers" or "markers" => ReadMarkers(cursor),
        "Video" or "ClipSlot" => new DawOpaqueTimeline
        {
            Id = cursor.Text("id"),
            Name = cursor.Text("name"),
            Track = cursor.Text("track"),
            TimeUnit = cursor.Word("timeUnit", DawWords.TimeUnits),
            Element = new XElement(cursor.Element),
            Line = cursor.Line,
        },
        _ => null,
    };

    public static DawLanes ReadLanes(ElementCursor cursor) => Complete(cursor, new DawLanes { Lanes = cursor.Children(ReadAny) });

    public static DawMarkers ReadMarkers(ElementCursor cursor) => Complete(cursor, new DawMarkers { Markers = [.. cursor.Children("Marker").Select(ReadMarker)] });

    public static DawPoints ReadPoints(ElementCursor cursor) => Complete(cursor, new DawPoints
    {
        Target = cursor.Child("Target") is { } target ? ReadTarget(target) : null,
        Unit = cursor.Word("unit", DawWords.Units),
        Points = cursor.Children(ReadPoint),
    });

    private static DawWarps ReadWarps(ElementCursor cursor)
    {
        var warps = ImmutableArray.CreateBuilder<DawWarp>();
        foreach (var warp in cursor.Children("Warp"))
        {
            warps.Add(new DawWarp
            {
                Time = warp.RequiredNumber("time"),
                ContentTime = warp.RequiredNumber("contentTime"),
                Line = warp.Line,
                UnknownAttributes = warp.UnknownAttributes(),
                UnknownElements = warp.UnknownElements(),
            });
        }

        return Complete(cursor, new DawWarps
        {
            ContentTimeUnit = cursor.RequiredWord("contentTimeUnit", DawWords.TimeUnits),
            Content = ReadContent(cursor),
            Warps = warps.ToImmutable(),
        });
    }

    /// <summary>The one timeline that an element holds; further ones stay unknown.</summary>
    public static DawTimeline? ReadContent(ElementCursor cursor)
    {
        var found = false;
        var contents = cursor.Children(child =>
        {
            var content = found ? null : ReadAny(child);
            found |= content is not null;
            return content;
        });
        return contents.IsEmpty ? null : contents[0];
    }

    private static DawMarker ReadMarker(ElementCursor cursor) => new()
    {
        Name = cursor.Text("name"),
        Color = cursor.Text("color"),
        Comment = cursor.Text("comment"),
        Time = cursor.RequiredNumber("time"),
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    private static DawAutomationTarget ReadTarget(ElementCursor cursor) => new()
    {
        Parameter = cursor.Text("parameter"),
        Expression = cursor.Text("expression"),
        Channel = cursor.Integer("channel"),
        Key = cursor.Integer("key"),
        Controller = cursor.Integer("controller"),
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    private static DawPoint? ReadPoint(ElementCursor cursor)
    {
        DawPoint? point = cursor.Element.Name.LocalName switch
        {
            "RealPoint" => new DawRealPoint
            {
                Time = cursor.RequiredNumber("time"),
                Value = cursor.RequiredExtendedNumber("value"),
                Interpolation = cursor.Word("interpolation", DawWords.Interpolations),
            },
            "BoolPoint" => new DawBoolPoint { Time = cursor.RequiredNumber("time"), Value = cursor.Switch("value") ?? throw cursor.Missing("value") },
            "IntegerPoint" => new DawIntegerPoint { Time = cursor.RequiredNumber("time"), Value = cursor.RequiredInteger("value") },
            "EnumPoint" => new DawEnumPoint { Time = cursor.RequiredNumber("time"), Value = cursor.RequiredInteger("value") },
            "TimeSignaturePoint" => new DawTimeSignaturePoint
            {
                Time = cursor.RequiredNumber("time"),
                Numerator = cursor.RequiredInteger("numerator"),
                Denominator = cursor.RequiredInteger("denominator"),
            },
            _ => null,
        };
        return point is null ? null : point with
        {
            Line = cursor.Line,
            UnknownAttributes = cursor.UnknownAttributes(),
            UnknownElements = cursor.UnknownElements(),
        };
    }

    /// <summary>Fills in what every timeline has.</summary>
    private static T Complete<T>(ElementCursor cursor, T timeline)
        where T : DawTimeline => (T)(timeline with
        {
            Id = cursor.Text("id"),
            Name = cursor.Text("name"),
            Color = cursor.Text("color"),
            Comment = cursor.Text("comment"),
            TimeUnit = cursor.Word("timeUnit", DawWords.TimeUnits),
            Track = cursor.Text("track"),
            Line = cursor.Line,
            UnknownAttributes = cursor.UnknownAttributes(),
            UnknownElements = cursor.UnknownElements(),
        });
}
