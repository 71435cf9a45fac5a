using System.Collections.Immutable;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Placement;

/// <summary>What is placed as a whole: a Channel with its chain, or one node of a summation tree.</summary>
/// <param name="Id">The plan step's id.</param>
/// <param name="Cost">Cost of running it, where a stereo fader is 1; above 0, at most <see cref="MostCost"/>.</param>
/// <param name="IsHostOnly">Whether it must run on the host.</param>
public sealed record PartitionUnit(string Id, double Cost, bool IsHostOnly)
{
    /// <summary>No unit has a larger <see cref="Cost"/>.</summary>
    public const double MostCost = 1e9;

    /// <summary>Why it must run on the host, in words; empty where it need not.</summary>
    public string HostReason { get; init; } = IsHostOnly ? "it has to be on the host" : "";

    /// <summary>Where the user wants it, or <see langword="null"/>. Not heeded for a node that is not there or may not have it.</summary>
    public NodeId? PinnedTo { get; init; }

    /// <summary>The plugins it needs, as <see cref="PartitionNode.Plugins"/> has them.</summary>
    public ImmutableArray<string> Plugins { get; init; } = [];

    /// <summary>Memory it takes, in bytes; 0 or more.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>The longest <see cref="PartitionNode.RoundTrip"/> it stands, or <see langword="null"/> for any: what runs ahead does not care.</summary>
    public TimeSpan? LongestRoundTrip { get; init; }
}
