using System.Xml.Linq;

namespace Loophole.DawProject.Writing;

/// <summary>Turns the model into elements, in the order that the format's schema wants.</summary>
internal static class DocumentWriter
{
    public static XElement Write(DawProjectDocument document) => new ElementBuilder(document.ElementName)
        .Text("version", document.Version)
        .Add(new ElementBuilder("Application").Text("name", document.Application.Name).Text("version", document.Application.Version).Finish(document.Application))
        .Add(document.Transport is { } transport ? Write(transport) : null)
        .Add(new XElement("Structure", document.Structure.Select(StructureWriter.Write)))
        .Add(document.Arrangement is { } arrangement ? Write(arrangement) : null)
        .Add(document.Scenes is { } scenes ? new XElement(scenes) : null)
        .Finish(document);

    private static XElement Write(DawTransport transport) => new ElementBuilder("Transport")
        .Add(transport.Tempo is { } tempo ? ParameterWriter.Write(tempo, "Tempo") : null)
        .Add(transport.TimeSignature is { } signature ? ParameterWriter.Write(signature, "TimeSignature") : null)
        .Finish(transport);

    private static XElement Write(DawArrangement arrangement) => new ElementBuilder("Arrangement")
        .Named(arrangement)
        .Add(arrangement.Lanes is { } lanes ? TimelineWriter.Write(lanes) : null)
        .Add(arrangement.Markers is { } markers ? TimelineWriter.Write(markers, "Markers") : null)
        .Add(arrangement.TempoAutomation is { } tempo ? TimelineWriter.Write(tempo, "TempoAutomation") : null)
        .Add(arrangement.TimeSignatureAutomation is { } signatures ? TimelineWriter.Write(signatures, "TimeSignatureAutomation") : null)
        .Finish(arrangement);
}
