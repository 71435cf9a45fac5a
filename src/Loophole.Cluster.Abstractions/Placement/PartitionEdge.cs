namespace Loophole.Cluster.Placement;

/// <summary>A signal from one unit to another.</summary>
/// <param name="From">Index of the unit that makes it.</param>
/// <param name="To">Index of the unit that reads it; greater than <paramref name="From"/>.</param>
/// <param name="AudioChannels">Audio channels it would put on a link, 1 or more.</param>
/// <param name="Signal">Which of its maker's signals: one that several units of a node read crosses to that node once.</param>
public readonly record struct PartitionEdge(int From, int To, int AudioChannels, int Signal = 0);
