namespace Loophole.Cluster.Trust;

/// <summary>Where a peer is.</summary>
public enum PeerKind
{
    /// <summary>In the local network, or on this machine.</summary>
    Lan = 1,

    /// <summary>Anywhere else. Nothing is shared with it unless <see cref="TrustRules.AllowsCloud"/>.</summary>
    Cloud = 2,
}
