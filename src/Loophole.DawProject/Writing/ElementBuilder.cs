using System.Globalization;
using System.Xml.Linq;

namespace Loophole.DawProject.Writing;

/// <summary>Builds one element; what is <see langword="null"/> is left out.</summary>
internal sealed class ElementBuilder(string name)
{
    private readonly XElement _element = new(name);

    public ElementBuilder Text(string attribute, string? value)
    {
        if (value is not null)
        {
            _element.SetAttributeValue(attribute, value);
        }

        return this;
    }

    public ElementBuilder Number(string attribute, double? value) => Text(attribute, value switch
    {
        null => null,
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => value.Value.ToString("R", CultureInfo.InvariantCulture),
    });

    public ElementBuilder Integer(string attribute, int? value) => Text(attribute, value?.ToString(CultureInfo.InvariantCulture));

    public ElementBuilder Switch(string attribute, bool? value) => Text(attribute, value switch { null => null, true => "true", false => "false" });

    public ElementBuilder Word<T>(string attribute, EnumWords<T> words, T? value)
        where T : struct, Enum => Text(attribute, value is { } word ? words[word] : null);

    public ElementBuilder Add(XElement? child)
    {
        if (child is not null)
        {
            _element.Add(child);
        }

        return this;
    }

    public ElementBuilder Add(IEnumerable<XElement> children)
    {
        _element.Add(children);
        return this;
    }

    /// <summary>Children inside an element that only groups them; no group without children.</summary>
    public ElementBuilder Group(string group, IReadOnlyCollection<XElement> children) => children.Count == 0 ? this : Add(new XElement(group, children));

    /// <summary>The attributes that every nameable element has, and those of parameters, lanes and timelines: an identifier.</summary>
    public ElementBuilder Named(DawNamedElement named) => Text("name", named.Name).Text("color", named.Color).Text("comment", named.Comment).Text("id", named.Id);

    /// <summary>Puts back what was not known when the element was read, and ends it.</summary>
    public XElement Finish(DawElement source)
    {
        _element.Add(source.UnknownAttributes.Select(attribute => new XAttribute(attribute)));
        foreach (var unknown in source.UnknownElements)
        {
            if (IsGroup(unknown.Name.LocalName) && _element.Element(unknown.Name) is { } group)
            {
                group.Add(unknown.Attributes(), unknown.Nodes());
            }
            else
            {
                _element.Add(new XElement(unknown));
            }
        }

        return _element;
    }

    private static bool IsGroup(string name) => name is "Structure" or "Devices" or "Sends" or "Parameters";
}
