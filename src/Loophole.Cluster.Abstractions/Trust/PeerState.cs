namespace Loophole.Cluster.Trust;

/// <summary>What a store says of a peer. A peer that it does not know has no state.</summary>
public enum PeerState
{
    /// <summary>It has introduced itself and waits until somebody accepts it. It may do nothing.</summary>
    Pending = 1,

    /// <summary>It may do what the rules and its own limits allow.</summary>
    Accepted = 2,

    /// <summary>It was trusted, or turned away; it may do nothing, and a join key does not bring it back.</summary>
    Revoked = 3,
}
