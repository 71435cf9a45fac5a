namespace Loophole.DawProject;

/// <summary>A file, in the archive or outside.</summary>
public sealed record DawFileReference : DawElement
{
    /// <summary>Its path: in the archive; or, when external, relative to the project's folder, or absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is outside the archive.</summary>
    public bool? External { get; init; }

    internal override string ElementName => "File";
}
