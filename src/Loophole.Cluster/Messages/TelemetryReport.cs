using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary>Answer to <c>cluster.telemetry</c>. All but the memory grows from when Pulse has come.</summary>
/// <param name="Subgraphs">What each subgraph deployed did.</param>
/// <param name="BlockTimes">How many blocks took how long (<see cref="Signals.BlockTimes"/>).</param>
/// <param name="CallbackSeconds">What the calls of the audio device took together; 0 where nothing is played.</param>
/// <param name="ProcessorSeconds">Processor time of the process, since it began.</param>
/// <param name="MemoryBytes">Memory that the process holds.</param>
/// <param name="PeakMemoryBytes">The most memory the process has held.</param>
internal sealed record TelemetryReport(ImmutableArray<SubgraphTelemetry> Subgraphs, ImmutableArray<long> BlockTimes, double CallbackSeconds, double ProcessorSeconds, long MemoryBytes, long PeakMemoryBytes)
{
    private const int MostSubgraphs = 100_000;

    /// <summary>More than anybody lives to count, and few enough that sums of them are numbers.</summary>
    private const long MostCount = 1L << 45;

    private const double MostSeconds = 1e9;

    /// <summary>Nothing was done.</summary>
    public static TelemetryReport Nothing { get; } = new([], [.. new long[Signals.BlockTimes.Ranges]], 0, 0, 0, 0);

    /// <summary>What cannot be here, or <see langword="null"/>.</summary>
    public string? FindFault() =>
        Subgraphs.Length > MostSubgraphs ? $"it has {Subgraphs.Length} subgraphs" :
        Subgraphs.FirstOrDefault(counts => !IsSane(counts)) is { } absurd ? $"{absurd} cannot be" :
        Subgraphs.Contains(null!) ? "a subgraph is null" :
        Subgraphs.DistinctBy(counts => counts.SubgraphId).Count() < Subgraphs.Length ? "it has a subgraph twice" :
        BlockTimes.Length != Signals.BlockTimes.Ranges ? $"it tells {BlockTimes.Length} ranges of block times apart, not {Signals.BlockTimes.Ranges}" :
        BlockTimes.FirstOrDefault(count => !IsCount(count)) is not 0 and var blocks ? $"{blocks} blocks cannot have taken a time" :
        !IsTime(CallbackSeconds) ? $"its audio thread cannot have taken {CallbackSeconds} s" :
        !IsTime(ProcessorSeconds) ? $"its processors cannot have taken {ProcessorSeconds} s" :
        MemoryBytes < 0 || PeakMemoryBytes < 0 ? $"its process cannot hold {Math.Min(MemoryBytes, PeakMemoryBytes)} bytes" : null;

    private static bool IsSane(SubgraphTelemetry? counts) =>
        counts is null or { SubgraphId: not null, Blocks: >= 0 and <= MostCount, Frames: >= 0 and <= MostCount, RenderSeconds: >= 0 and <= MostSeconds };

    private static bool IsCount(long count) => count is >= 0 and <= MostCount;

    private static bool IsTime(double seconds) => seconds is >= 0 and <= MostSeconds;
}
