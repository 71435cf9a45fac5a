namespace Loophole.DawProject;

/// <summary>A time inside and outside of <see cref="DawWarps"/>.</summary>
public sealed record DawWarp : DawElement
{
    /// <summary>The time outside.</summary>
    public required double Time { get; init; }

    /// <summary>The time inside.</summary>
    public required double ContentTime { get; init; }

    internal override string ElementName => "Warp";
}
