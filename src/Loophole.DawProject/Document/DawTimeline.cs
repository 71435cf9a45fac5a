namespace Loophole.DawProject;

/// <summary>Something that runs in time. Times in it are in its unit, else in that around it, else in beats.</summary>
public abstract record DawTimeline : DawNamedElement
{
    /// <summary>The unit of the times in it.</summary>
    public DawTimeUnit? TimeUnit { get; init; }

    /// <summary>Identifier of the track it belongs to; by default that around it.</summary>
    public string? Track { get; init; }
}
