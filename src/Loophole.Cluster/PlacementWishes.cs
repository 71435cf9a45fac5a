using System.Collections.Immutable;

namespace Loophole.Cluster;

/// <summary>Where the user wants things, by the names that nodes have. What cannot be is reported among a result's objections, and done otherwise.</summary>
public sealed record PlacementWishes
{
    /// <summary>None.</summary>
    public static PlacementWishes None { get; } = new();

    /// <summary>Names of nodes by the ids of the Channels that are to run there.</summary>
    public ImmutableDictionary<string, string> Pins { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Names of nodes that are given nothing. The host's is of no effect.</summary>
    public ImmutableHashSet<string> Excluded { get; init; } = [];

    /// <summary>Why a node is given nothing, in words; <see langword="null"/> when the user has nothing against it.</summary>
    /// <param name="node">Its name.</param>
    public string? FindObjection(string node) => Excluded.Contains(node) ? $"{node} is excluded by the user" : null;
}
