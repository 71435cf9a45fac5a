using System.Collections.Immutable;
using Loophole.Cluster.Nodes;

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

    /// <summary>Whom <see cref="Pins"/> name, of those that are there. [any]</summary>
    /// <param name="nodes">Who is there.</param>
    /// <returns>Ids of nodes by the ids of Channels; one that nobody has where a name is nobody's, so that the wish is reported.</returns>
    public ImmutableDictionary<string, NodeId> PinsTo(IEnumerable<NodeDescription> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var ids = nodes.ToLookup(node => node.Name, node => node.Id, StringComparer.Ordinal);
        return Pins.ToImmutableDictionary(pin => pin.Key, pin => ids[pin.Value].FirstOrDefault());
    }

    /// <summary>Why a node is given nothing, in words; <see langword="null"/> when the user has nothing against it.</summary>
    /// <param name="node">Its name.</param>
    public string? FindObjection(string node) => Excluded.Contains(node) ? $"{node} is excluded by the user" : null;
}
