namespace Loophole.Cluster.Discovery;

/// <summary>Why a node is not there any more.</summary>
public enum NodeGoneReason
{
    /// <summary>It is there.</summary>
    None = 0,

    /// <summary>It said so.</summary>
    Goodbye = 1,

    /// <summary>Nothing was heard of it for as long as it had promised to be there, although it was asked.</summary>
    Expired = 2,

    /// <summary>What it says cannot be understood any more, or another node has its name now.</summary>
    Replaced = 3,

    /// <summary>The network through which it was seen is gone from this machine.</summary>
    NetworkLost = 4,

    /// <summary>There are too many nodes, and most of them at its address.</summary>
    Crowded = 5,
}
