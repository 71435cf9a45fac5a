namespace Loophole.Cluster.Trust;

/// <summary>What a node decides with whom it works: who it is itself, whom its store trusts, and the join key it knows. Immutable.</summary>
public sealed class NodeTrust
{
    /// <summary>This node's own fingerprint: that of the credentials its transport uses.</summary>
    public required NodeFingerprint Self { get; init; }

    /// <summary>Whom it trusts. The caller disposes it, after whatever uses it.</summary>
    public required ITrustStore Store { get; init; }

    /// <summary>What lets unknown peers in that know it, too; <see langword="null"/> (the default) for acceptance by hand only.</summary>
    public JoinKey? JoinKey { get; init; }

    /// <summary>Whether a join key is of any use here now. [any]</summary>
    internal bool TakesKey => JoinKey is not null && Store.Current.Rules.Join == JoinRule.WithKey;
}
