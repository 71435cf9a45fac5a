using Loophole.Cluster.Discovery;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Membership;

/// <summary>What lets nodes into a session. Safe for concurrent use.</summary>
internal interface IMembershipDoor
{
    /// <summary>Why a node is not even asked, in words, or <see langword="null"/>. [any]</summary>
    string? FindObjection(DiscoveredNode node);

    /// <summary>Whether somebody with this id is in the session. [any]</summary>
    bool IsInSession(NodeId node);

    /// <summary>Connects to a node. [any]</summary>
    /// <returns>Who it is.</returns>
    /// <exception cref="ClusterException">It is not available, or does not want us.</exception>
    Task<NodeId> LetInAsync(DiscoveredNode node, CancellationToken cancellationToken);
}
