namespace Loophole.Cluster.Trust;

/// <summary>How a peer that is not known may come to be trusted.</summary>
public enum JoinRule
{
    /// <summary>By proving the join key; without it, by being accepted by hand.</summary>
    WithKey = 1,

    /// <summary>By being accepted by hand; a join key is not listened to.</summary>
    ByAcceptance = 2,

    /// <summary>Not at all; nobody new is even remembered.</summary>
    Nobody = 3,
}
