using System.Collections.Immutable;

namespace Loophole.Cluster.Messages;

/// <summary><c>playback.gap</c>: something that is heard was not there. Said when it is seen, when more is known of why, and when it is over.</summary>
/// <param name="SignalId">The signal that the audio callback missed. With the start frame, what the gap is known by.</param>
/// <param name="StartFrame">Render frame of the first one that was missing.</param>
/// <param name="Frames">How many were; <see langword="null"/> as long as it is not over.</param>
/// <param name="Late">What was behind meanwhile.</param>
internal sealed record GapHeard(int SignalId, long StartFrame, long? Frames, ImmutableArray<LateSubgraph> Late)
{
    /// <summary>The most subgraphs that are named.</summary>
    public const int MaxLate = 256;

    /// <summary>What contradicts itself in it, or <see langword="null"/>.</summary>
    public string? FindFault() =>
        StartFrame < 0 ? $"it begins at frame {StartFrame}"
        : Frames < 1 ? $"it has {Frames} frames"
        : Late.Length > MaxLate ? $"{Late.Length} subgraphs are late, and {MaxLate} can be named"
        : Late.Contains(null!) ? "a late subgraph is null"
        : null;
}
