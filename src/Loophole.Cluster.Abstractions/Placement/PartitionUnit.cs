namespace Loophole.Cluster.Placement;

/// <summary>What is placed as a whole: a Channel with its chain, or one node of a summation tree.</summary>
/// <param name="Id">The plan step's id.</param>
/// <param name="Cost">Relative cost of running it, above 0.</param>
/// <param name="IsHostOnly">Whether it must run on the host.</param>
public readonly record struct PartitionUnit(string Id, double Cost, bool IsHostOnly);
