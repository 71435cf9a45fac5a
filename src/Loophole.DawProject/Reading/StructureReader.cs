using System.Collections.Immutable;
using System.Xml.Linq;

namespace Loophole.DawProject.Reading;

/// <summary>Reads tracks, channels and sends.</summary>
internal static class StructureReader
{
    public static DawLane? ReadLane(ElementCursor cursor) => cursor.Element.Name.LocalName switch
    {
        "Track" => ReadTrack(cursor),
        "Channel" => ReadChannel(cursor),
        _ => null,
    };

    private static DawTrack ReadTrack(ElementCursor cursor) => new()
    {
        Id = cursor.Text("id"),
        Name = cursor.Text("name"),
        Color = cursor.Text("color"),
        Comment = cursor.Text("comment"),
        ContentTypes = ReadContentTypes(cursor),
        Loaded = cursor.Switch("loaded"),
        Channel = cursor.Child("Channel") is { } channel ? ReadChannel(channel) : null,
        Tracks = [.. cursor.Children("Track").Select(ReadTrack)],
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    private static DawChannel ReadChannel(ElementCursor cursor)
    {
        var leftovers = new List<XElement>();
        return new DawChannel
        {
            Id = cursor.Text("id"),
            Name = cursor.Text("name"),
            Color = cursor.Text("color"),
            Comment = cursor.Text("comment"),
            Role = cursor.Word("role", DawWords.MixerRoles),
            AudioChannels = cursor.Integer("audioChannels"),
            Destination = cursor.Text("destination"),
            Solo = cursor.Switch("solo"),
            Devices = cursor.Group("Devices", leftovers, DeviceReader.Read),
            Mute = ParameterReader.ReadOptionalBool(cursor, "Mute"),
            Pan = ParameterReader.ReadOptionalReal(cursor, "Pan"),
            Sends = cursor.Group("Sends", leftovers, ReadSend),
            Volume = ParameterReader.ReadOptionalReal(cursor, "Volume"),
            Line = cursor.Line,
            UnknownAttributes = cursor.UnknownAttributes(),
            UnknownElements = cursor.UnknownElements(leftovers),
        };
    }

    private static DawSend? ReadSend(ElementCursor cursor) => cursor.Element.Name.LocalName != "Send" ? null : new DawSend
    {
        Id = cursor.Text("id"),
        Name = cursor.Text("name"),
        Color = cursor.Text("color"),
        Comment = cursor.Text("comment"),
        Destination = cursor.Text("destination"),
        Type = cursor.Word("type", DawWords.SendTypes),
        Enable = ParameterReader.ReadOptionalBool(cursor, "Enable"),
        Pan = ParameterReader.ReadOptionalReal(cursor, "Pan"),
        Volume = ParameterReader.ReadReal(cursor.RequiredChild("Volume")),
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    private static ImmutableArray<DawContentType> ReadContentTypes(ElementCursor cursor)
    {
        var text = cursor.Text("contentType") ?? "";
        var types = ImmutableArray.CreateBuilder<DawContentType>();
        foreach (var word in text.Split([' ', ',', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            types.Add(DawWords.ContentTypes.TryParse(word, out var type) ? type : throw cursor.Bad("contentType", text, $"of {DawWords.ContentTypes}"));
        }

        return types.ToImmutable();
    }
}
