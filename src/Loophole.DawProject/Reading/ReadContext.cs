using System.Xml.Linq;

namespace Loophole.DawProject.Reading;

/// <summary>What all of one reading shares: the file's name for messages, and the reports.</summary>
internal sealed class ReadContext(string file, ReportLog reports)
{
    public ReportLog Reports { get; } = reports;

    public DawProjectException Fail(DawProjectError error, XElement element, string problem, Exception? inner = null) =>
        new(error, $"{file}: {Describe(element)} {problem}.", inner);

    public static string Describe(XElement element)
    {
        var label = element.Attribute("name")?.Value is { Length: > 0 } name ? name : element.Attribute("id")?.Value;
        var line = LineOf(element);
        var place = line > 0 ? $" in line {line}" : "";
        return string.IsNullOrEmpty(label) ? $"{element.Name.LocalName}{place}" : $"{element.Name.LocalName} \"{ReportLog.Shorten(label)}\"{place}";
    }

    public static int LineOf(XElement element) => element is System.Xml.IXmlLineInfo info && info.HasLineInfo() ? info.LineNumber : 0;
}
