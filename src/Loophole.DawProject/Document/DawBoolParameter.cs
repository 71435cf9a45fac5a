namespace Loophole.DawProject;

/// <summary>A switch.</summary>
public sealed record DawBoolParameter : DawParameter
{
    /// <summary>Its position.</summary>
    public bool? Value { get; init; }

    internal override string ElementName => "BoolParameter";
}
