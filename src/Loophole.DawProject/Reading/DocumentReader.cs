using System.Xml.Linq;

namespace Loophole.DawProject.Reading;

/// <summary>Turns the elements of <c>project.xml</c> into the model.</summary>
internal static class DocumentReader
{
    public static DawProjectDocument Read(XElement root, ReadContext context)
    {
        if (root.Name != "Project")
        {
            throw context.Fail(DawProjectError.BadXml, root, "is not a Project");
        }

        var cursor = new ElementCursor(root, context);
        var leftovers = new List<XElement>();
        return new DawProjectDocument
        {
            Version = cursor.RequiredText("version"),
            Application = ReadApplication(cursor.RequiredChild("Application")),
            Transport = cursor.Child("Transport") is { } transport ? ReadTransport(transport) : null,
            Structure = cursor.Group("Structure", leftovers, StructureReader.ReadLane),
            Arrangement = cursor.Child("Arrangement") is { } arrangement ? ReadArrangement(arrangement) : null,
            Scenes = cursor.Child("Scenes") is { } scenes ? new XElement(scenes.Element) : null,
            Line = cursor.Line,
            UnknownAttributes = cursor.UnknownAttributes(),
            UnknownElements = cursor.UnknownElements(leftovers),
        };
    }

    private static DawApplication ReadApplication(ElementCursor cursor) => new()
    {
        Name = cursor.RequiredText("name"),
        Version = cursor.RequiredText("version"),
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    private static DawTransport ReadTransport(ElementCursor cursor) => new()
    {
        Tempo = cursor.Child("Tempo") is { } tempo ? ParameterReader.ReadReal(tempo) : null,
        TimeSignature = cursor.Child("TimeSignature") is { } signature ? ParameterReader.ReadTimeSignature(signature) : null,
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };

    private static DawArrangement ReadArrangement(ElementCursor cursor) => new()
    {
        Id = cursor.Text("id"),
        Name = cursor.Text("name"),
        Color = cursor.Text("color"),
        Comment = cursor.Text("comment"),
        Lanes = cursor.Child("Lanes") is { } lanes ? TimelineReader.ReadLanes(lanes) : null,
        Markers = cursor.Child("Markers") is { } markers ? TimelineReader.ReadMarkers(markers) : null,
        TempoAutomation = cursor.Child("TempoAutomation") is { } tempo ? TimelineReader.ReadPoints(tempo) : null,
        TimeSignatureAutomation = cursor.Child("TimeSignatureAutomation") is { } signatures ? TimelineReader.ReadPoints(signatures) : null,
        Line = cursor.Line,
        UnknownAttributes = cursor.UnknownAttributes(),
        UnknownElements = cursor.UnknownElements(),
    };
}
