namespace Loophole.Cluster.Placement;

/// <summary>Assigns units of the global plan to Signals. A pure function: the same request gives the same plan on every machine, in whatever order units and nodes are listed.</summary>
/// <remarks>Placement never changes the sound, only speed; so any total plan that keeps host-only units on the host is correct.</remarks>
public interface IPartitioner
{
    /// <summary>Makes a plan. [any]</summary>
    /// <param name="request">What is to be placed, where it may go, and where it is.</param>
    /// <returns>A total plan; everything on the host when no other node helps.</returns>
    /// <exception cref="ArgumentException">There is not exactly one host, two units or two nodes have one id, an edge does not go to a higher index, or a number is out of its range.</exception>
    PartitionPlan Partition(PartitionRequest request);
}
