namespace Loophole.DawProject;

/// <summary>A value that can be automated.</summary>
public abstract record DawParameter : DawNamedElement
{
    /// <summary>The plugin's own number for it.</summary>
    public int? ParameterId { get; init; }
}
