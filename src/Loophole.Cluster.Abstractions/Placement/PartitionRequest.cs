using System.Collections.Immutable;

namespace Loophole.Cluster.Placement;

/// <summary>What is to be placed, where it may go, and where it is.</summary>
public sealed record PartitionRequest
{
    /// <summary>The units and what they hand to each other.</summary>
    public required PartitionGraph Graph { get; init; }

    /// <summary>The Signals; exactly one is the host.</summary>
    public required ImmutableArray<PartitionNode> Nodes { get; init; }

    /// <summary>How much leaves the host.</summary>
    public DistributionPolicy Policy { get; init; } = DistributionPolicy.Balanced;

    /// <summary>The part of every node's capacity that stays free, 0 to 0.9.</summary>
    public double Headroom { get; init; } = 0.2;

    /// <summary>Where everything is by now, or <see langword="null"/> when nothing is placed yet. What is placed moves only for a reason: its node is gone or may not have it any more, or the load
    /// of some node has changed by a tenth or more and moving it helps.</summary>
    public PreviousPlacement? Previous { get; init; }
}
