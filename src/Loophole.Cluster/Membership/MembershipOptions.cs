using System.Collections.Immutable;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Membership;

/// <summary>Settings of a <see cref="ClusterMembership"/>. Read once, at construction.</summary>
public sealed class MembershipOptions
{
    /// <summary>With whom Pulse works; <see langword="null"/> (the default) for Signals on the same machine only.</summary>
    public NodeTrust? Trust { get; init; }

    /// <summary>Schemes of the transports by which a node may be reached.</summary>
    public required ImmutableHashSet<string> Schemes { get; init; }

    /// <summary>Says of a node's name, in words, why it is not even asked, as when the user has excluded it; <see langword="null"/> when it is. Called from any thread. Default nothing is said
    /// against any.</summary>
    public Func<string, string?> FindObjection { get; init; } = static _ => null;
}
