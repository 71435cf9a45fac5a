using System.Collections.Immutable;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Placement;

/// <summary>A Signal that can be given work.</summary>
/// <param name="Id">The node.</param>
/// <param name="Workers">Render threads it offers, each with subgraphs of its own; 1 or more.</param>
/// <param name="IsHost">Whether it is the host.</param>
public sealed record PartitionNode(NodeId Id, int Workers, bool IsHost)
{
    /// <summary><see cref="Speed"/> of a node that was not measured.</summary>
    public const double UnknownSpeed = 10_000;

    /// <summary>No node has a larger <see cref="Speed"/>.</summary>
    public const double MostSpeed = 1e9;

    /// <summary>Its name, for reasons in words.</summary>
    public string Name { get; init; } = IsHost ? "the host" : Id.ToString();

    /// <summary>How much one worker renders in real time, in the units of <see cref="PartitionUnit.Cost"/>; above 0, at most <see cref="MostSpeed"/>.</summary>
    public double Speed { get; init; } = UnknownSpeed;

    /// <summary>Memory that may be used, in bytes; 0 when it is unknown, and then there is no limit.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>The plugins it has, named as <see cref="NodePlugin.KeyOf"/> does, or <see langword="null"/> when that is not known: then it is taken to have every one.</summary>
    public ImmutableHashSet<string>? Plugins { get; init; }

    /// <summary>How long a block takes there and back, without being rendered.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>Why it is given nothing, in words (such as "it is a cloud node, and cloud nodes are not permitted"), or <see langword="null"/>. Not for the host.</summary>
    public string? Exclusion { get; init; }
}
