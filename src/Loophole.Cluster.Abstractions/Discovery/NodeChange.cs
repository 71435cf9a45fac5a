namespace Loophole.Cluster.Discovery;

/// <summary>What became of a node that is looked for.</summary>
public enum NodeChange
{
    /// <summary>It is there.</summary>
    Found = 0,

    /// <summary>It is there still, and something of it is different.</summary>
    Changed = 1,

    /// <summary>It is not there any more, for a <see cref="NodeGoneReason"/>.</summary>
    Gone = 2,
}
