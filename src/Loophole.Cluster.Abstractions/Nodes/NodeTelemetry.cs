namespace Loophole.Cluster.Nodes;

/// <summary>How a Signal was over the last second or so. What it says of itself is a claim; the round trip is measured from outside.</summary>
public sealed record NodeTelemetry
{
    /// <summary>Part of its render threads' time that they have rendered; 0 or more, about 1 when they have done nothing else.</summary>
    public required double RenderLoad { get; init; }

    /// <summary>Blocks it has rendered.</summary>
    public required long Blocks { get; init; }

    /// <summary>The most memory that its process has held, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>How long it took to be asked, and to answer, on the control connection.</summary>
    public required TimeSpan RoundTrip { get; init; }
}
