using System.Collections.Immutable;
using System.Xml.Linq;

namespace Loophole.DawProject;

/// <summary>An element of <c>project.xml</c>. What this library does not know of it is kept, and written back at its end.</summary>
public abstract record DawElement
{
    /// <summary>Line in <c>project.xml</c>, from 1; 0 when it was not read from there.</summary>
    public int Line { get; init; }

    /// <summary>Attributes that this library does not know.</summary>
    public ImmutableArray<XAttribute> UnknownAttributes { get; init; } = [];

    /// <summary>Child elements that this library does not know.</summary>
    public ImmutableArray<XElement> UnknownElements { get; init; } = [];

    /// <summary>The element's name in the file. Fixed by the type, so no other assembly can add one.</summary>
    internal abstract string ElementName { get; }

    /// <summary>What to call the element in messages: name, label and line.</summary>
    internal virtual string Describe() => Line > 0 ? $"{ElementName} in line {Line}" : ElementName;
}
