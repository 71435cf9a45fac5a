namespace Loophole.DawProject;

/// <summary>A point of automation.</summary>
public abstract record DawPoint : DawElement
{
    /// <summary>Where it is.</summary>
    public required double Time { get; init; }
}
