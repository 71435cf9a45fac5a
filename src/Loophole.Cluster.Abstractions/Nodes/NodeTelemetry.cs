using System.Collections.Immutable;

namespace Loophole.Cluster.Nodes;

/// <summary>How a Signal was over the last second or so. What it says of itself is a claim; round trips are measured from outside.</summary>
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

    /// <summary>The same, by when it has to be there.</summary>
    public CohortLoads Loads { get; init; } = CohortLoads.None;

    /// <summary>How long its blocks took, those of the audio thread left out; <see langword="null"/> when there were none.</summary>
    public RenderTimes? RenderTimes { get; init; }

    /// <summary>Processor cores that its process was busy on, on average, whatever it did there; 0 or more.</summary>
    public double ProcessorLoad { get; init; }

    /// <summary>Memory that its process holds, in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Of the round trips of the last minute, half took no longer.</summary>
    public TimeSpan RoundTripMedian { get; init; }

    /// <summary>Of the round trips of the last minute, none took longer.</summary>
    public TimeSpan RoundTripWorst { get; init; }

    /// <summary>How far its wall clock is ahead of the asking one's; negative where it is behind. For people and for logs of several machines side by side, never for audio: it is wrong by up to half a round trip,
    /// it follows whoever sets a clock, and a Signal can say anything.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>How what it renders comes to the host, subgraph by subgraph; empty while nothing is rendered or played.</summary>
    public ImmutableArray<LinkTelemetry> Links { get; init; } = [];
}
