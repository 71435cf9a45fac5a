using System.Collections.Immutable;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Trust;

namespace Loophole.Pulse;

/// <summary>What <c>nodes --json</c> prints.</summary>
/// <param name="Seconds">How long was looked; 0 when the served Pulse was asked instead.</param>
/// <param name="Nodes">What was there at the end, by name.</param>
internal sealed record NodesReport(double Seconds, ImmutableArray<NodeListing> Nodes)
{
    /// <summary>Who is in the session of the served Pulse.</summary>
    public ImmutableArray<ClusterNodeReport>? Session { get; init; }

    /// <summary>Who was found by it and is not, and why.</summary>
    public ImmutableArray<CandidateReport>? Candidates { get; init; }
}

/// <summary>A line of <c>nodes --watch --json</c>.</summary>
/// <param name="Time">When it was seen.</param>
/// <param name="Change">What became of the node.</param>
/// <param name="Reason">Why it is gone.</param>
/// <param name="Node">The node.</param>
internal sealed record NodeChangeReport(DateTimeOffset Time, NodeChange Change, NodeGoneReason Reason, NodeListing Node);

/// <summary>What a node says of itself; nothing of it is proven.</summary>
internal sealed record NodeListing(
    string Name, string? Id, int Protocol, NodeRole? Role, PeerKind? Kind, ImmutableArray<string> EndPoints, ImmutableArray<string> SameIdAs)
{
    public static NodeListing Of(DiscoveredNode node) => new(
        node.Name, node.Id?.ToString(), node.ProtocolVersion, node.Role, node.Kind, [.. node.EndPoints.Select(endPoint => endPoint.OriginalString)], node.SameIdAs);
}
