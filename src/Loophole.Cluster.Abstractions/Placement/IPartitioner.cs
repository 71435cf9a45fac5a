using System.Collections.Immutable;

namespace Loophole.Cluster.Placement;

/// <summary>Assigns units of the global plan to Signals. A pure function: the same arguments give the same plan on every machine.</summary>
/// <remarks>Placement never changes the sound, only speed; so any total plan that keeps host-only units on the host is correct.</remarks>
public interface IPartitioner
{
    /// <summary>Makes a plan. [any]</summary>
    /// <param name="graph">The units.</param>
    /// <param name="nodes">The Signals; exactly one is the host.</param>
    /// <returns>A total plan; everything on the host when no other node helps.</returns>
    /// <exception cref="ArgumentException">There is not exactly one host, or an edge does not go to a higher index.</exception>
    PartitionPlan Partition(PartitionGraph graph, ImmutableArray<PartitionNode> nodes);
}
