namespace Loophole.DawProject;

/// <summary>An element that users can name and others can refer to.</summary>
public abstract record DawNamedElement : DawElement
{
    /// <summary>Identifier, unique in the file; <see langword="null"/> for none.</summary>
    public string? Id { get; init; }

    /// <summary>What the user calls it.</summary>
    public string? Name { get; init; }

    /// <summary>Colour, as written (<c>#rrggbb</c>).</summary>
    public string? Color { get; init; }

    /// <summary>The user's comment.</summary>
    public string? Comment { get; init; }

    internal override string Describe()
    {
        var label = string.IsNullOrEmpty(Name) ? Id : Name;
        return string.IsNullOrEmpty(label) ? base.Describe() : Line > 0 ? $"{ElementName} \"{label}\" in line {Line}" : $"{ElementName} \"{label}\"";
    }
}
