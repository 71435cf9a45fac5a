using System.Xml;
using System.Xml.Linq;

namespace Loophole.DawProject.Reading;

/// <summary>Checks of the whole document that need no model: its size before it is loaded, identifiers and references after.</summary>
internal static class DocumentCheck
{
    private static readonly HashSet<string> Timelines =
        ["Lanes", "Notes", "Clips", "ClipSlot", "markers", "Markers", "Warps", "Audio", "Video", "Points", "TempoAutomation", "TimeSignatureAutomation"];

    /// <summary>Reads once without keeping anything: refuses what is too deep or too much before memory is spent on it.</summary>
    public static async Task MeasureAsync(XmlReader reader, string file, CancellationToken cancellationToken)
    {
        long count = 0;
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            if (reader.Depth >= DawProjectLimits.Depth)
            {
                throw new DawProjectException(DawProjectError.TooLarge, $"{file}: {ReportLog.Shorten(reader.LocalName)} in line {LineOf(reader)} lies deeper than {DawProjectLimits.Depth} elements.");
            }

            count += 1 + reader.AttributeCount;
            if (count > DawProjectLimits.XmlNodes)
            {
                throw new DawProjectException(DawProjectError.TooLarge, $"{file}: more than {DawProjectLimits.XmlNodes} elements and attributes, reached in line {LineOf(reader)}.");
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Finds doubled identifiers and references to identifiers that are not there.</summary>
    public static void CheckReferences(XElement root, ReadContext context)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in root.DescendantsAndSelf())
        {
            if (element.Attribute("id")?.Value is { } id && !ids.Add(id))
            {
                throw context.Fail(DawProjectError.DuplicateId, element, $"has the id \"{ReportLog.Shorten(id)}\", which another element has too");
            }
        }

        foreach (var element in root.DescendantsAndSelf())
        {
            if (ReferenceOf(element) is { Value.Length: > 0 } reference && !ids.Contains(reference.Value))
            {
                throw context.Fail(DawProjectError.DanglingReference, element, $"refers to {reference.Name.LocalName} \"{ReportLog.Shorten(reference.Value)}\", which is not in the project");
            }
        }
    }

    private static XAttribute? ReferenceOf(XElement element) => element.Name.LocalName switch
    {
        "Channel" or "Send" => element.Attribute("destination"),
        "Target" => element.Attribute("parameter"),
        "Clip" => element.Attribute("reference"),
        var name => Timelines.Contains(name) ? element.Attribute("track") : null,
    };

    private static int LineOf(XmlReader reader) => reader is IXmlLineInfo info ? info.LineNumber : 0;
}
