namespace Loophole.Cluster.Trust;

/// <summary>What goes for all peers of a store. Immutable.</summary>
public sealed record TrustRules
{
    /// <summary>How unknown peers may come to be trusted. Default: with the join key.</summary>
    public JoinRule Join { get; init; } = JoinRule.WithKey;

    /// <summary>Whether accepted peers of kind <see cref="PeerKind.Cloud"/> may take part. Default no.</summary>
    public bool AllowsCloud { get; init; }

    /// <summary>Projects of which parts may run on other nodes than the host. Default all.</summary>
    public ProjectScope Projects { get; init; } = ProjectScope.All;
}
