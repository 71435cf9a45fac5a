namespace Loophole.DawProject;

/// <summary>The program that wrote the file.</summary>
public sealed record DawApplication : DawElement
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "Loophole";

    /// <summary>Its version.</summary>
    public string Version { get; init; } = "0";

    internal override string ElementName => "Application";
}
