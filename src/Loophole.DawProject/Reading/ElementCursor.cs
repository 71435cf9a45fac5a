using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;

namespace Loophole.DawProject.Reading;

/// <summary>Reads one element and remembers what was asked for, so that the rest is known to be unknown.</summary>
internal sealed class ElementCursor(XElement element, ReadContext context)
{
    private readonly List<string> _attributes = [];
    private HashSet<XElement>? _taken;

    public XElement Element => element;

    public int Line => ReadContext.LineOf(element);

    public string? Text(string name)
    {
        _attributes.Add(name);
        return element.Attribute(name)?.Value;
    }

    public string RequiredText(string name) => Text(name) ?? throw Missing(name);

    public double? Number(string name) => Text(name) is { } text ? Finite(name, text) : null;

    public double RequiredNumber(string name) => Finite(name, RequiredText(name));

    /// <summary>A number that may be infinite; the format writes <c>inf</c> and <c>-inf</c>, and <c>null</c> for none.</summary>
    public double? ExtendedNumber(string name) => Text(name) is { } text ? Extended(name, text) : null;

    public double RequiredExtendedNumber(string name) => Extended(name, RequiredText(name)) ?? throw Missing(name);

    public int? Integer(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : throw Bad(name, text, "a whole number");
    }

    public int RequiredInteger(string name) => Integer(name) ?? throw Missing(name);

    public bool? Switch(string name) => Text(name)?.Trim() switch
    {
        null => null,
        "true" or "1" => true,
        "false" or "0" => false,
        var text => throw Bad(name, text, "true or false"),
    };

    public T? Word<T>(string name, EnumWords<T> words)
        where T : struct, Enum
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return words.TryParse(text.Trim(), out var value) ? value : throw Bad(name, text, $"one of {words}");
    }

    public T RequiredWord<T>(string name, EnumWords<T> words)
        where T : struct, Enum => Word(name, words) ?? throw Missing(name);

    public ElementCursor? Child(string name)
    {
        if (element.Element(name) is not { } child)
        {
            return null;
        }

        Take(child);
        return new ElementCursor(child, context);
    }

    public ElementCursor RequiredChild(string name) => Child(name) ?? throw context.Fail(DawProjectError.Missing, element, $"has no {name} in it");

    public IEnumerable<ElementCursor> Children(string name)
    {
        foreach (var child in element.Elements(name))
        {
            Take(child);
            yield return new ElementCursor(child, context);
        }
    }

    /// <summary>The children that one of the readers takes, in order.</summary>
    public ImmutableArray<T> Children<T>(Func<ElementCursor, T?> read)
        where T : class
    {
        var results = ImmutableArray.CreateBuilder<T>();
        foreach (var child in element.Elements())
        {
            if (read(new ElementCursor(child, context)) is { } result)
            {
                Take(child);
                results.Add(result);
            }
        }

        return results.ToImmutable();
    }

    /// <summary>The children of an element that only groups others. What is unknown in it stays unknown of this element, inside a group of that name.</summary>
    public ImmutableArray<T> Group<T>(string name, List<XElement> leftovers, Func<ElementCursor, T?> read)
        where T : class
    {
        if (Child(name) is not { } group)
        {
            return [];
        }

        var results = group.Children(read);
        var attributes = group.UnknownAttributes();
        var elements = group.UnknownElements();
        if (attributes.Length + elements.Length > 0)
        {
            leftovers.Add(new XElement(name, attributes, elements));
        }

        return results;
    }

    public ImmutableArray<XAttribute> UnknownAttributes()
    {
        ImmutableArray<XAttribute>.Builder? unknown = null;
        foreach (var attribute in element.Attributes())
        {
            if (attribute.IsNamespaceDeclaration || (attribute.Name.Namespace == XNamespace.None && _attributes.Contains(attribute.Name.LocalName)))
            {
                continue;
            }

            (unknown ??= ImmutableArray.CreateBuilder<XAttribute>()).Add(new XAttribute(attribute));
            context.Reports.Add(DawProjectReportKind.Unknown, ReadContext.Describe(element), $"The attribute {ReportLog.Shorten(attribute.Name.LocalName)} is not known; it is kept.");
        }

        return unknown?.ToImmutable() ?? [];
    }

    public ImmutableArray<XElement> UnknownElements(List<XElement>? leftovers = null)
    {
        var unknown = ImmutableArray.CreateBuilder<XElement>();
        foreach (var child in element.Elements())
        {
            if (_taken?.Contains(child) == true)
            {
                continue;
            }

            unknown.Add(new XElement(child));
            context.Reports.Add(DawProjectReportKind.Unknown, ReadContext.Describe(child), "The element is not known here; it is kept.");
        }

        unknown.AddRange(leftovers ?? []);
        return unknown.ToImmutable();
    }

    public DawProjectException Missing(string attribute) => context.Fail(DawProjectError.Missing, element, $"has no attribute {attribute}");

    public DawProjectException Bad(string attribute, string text, string expected) =>
        context.Fail(DawProjectError.BadValue, element, $"has {attribute}=\"{ReportLog.Shorten(text)}\", which is not {expected}");

    private void Take(XElement child) => (_taken ??= []).Add(child);

    private double Finite(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Bad(name, text, "a finite number");

    private double? Extended(string name, string text) => text.Trim() switch
    {
        "" or "null" => null,
        "inf" or "INF" or "+inf" or "Infinity" => double.PositiveInfinity,
        "-inf" or "-INF" or "-Infinity" => double.NegativeInfinity,
        var number => Finite(name, number),
    };
}
