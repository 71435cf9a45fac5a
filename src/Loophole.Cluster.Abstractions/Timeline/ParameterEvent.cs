namespace Loophole.Cluster.Timeline;

/// <summary>Takes a parameter over from its automation: moves it to a value, or to a distance from its automation, and holds it there, or gives it back.</summary>
public sealed record ParameterEvent : RenderEvent
{
    /// <summary>The graph node (<c>GraphNode.Id</c>).</summary>
    public required string NodeId { get; init; }

    /// <summary>The parameter's name.</summary>
    public required string Parameter { get; init; }

    /// <summary>The value to reach, finite; <see langword="null"/> gives the parameter back to its automation at once.</summary>
    public required double? Value { get; init; }

    /// <summary>Whether <see cref="Value"/> is what the automation is raised by, or lowered, from then on. The sum may lie outside the parameter's range, and is clamped by whoever reads it.</summary>
    public bool IsRelative { get; init; }

    /// <summary>Frames of the straight line from the value in force, or the distance that is in force, to <see cref="Value"/>; 0 jumps.</summary>
    public long RampFrames { get; init; }
}
