using System.Collections.Immutable;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Discovery;

/// <summary>What a node that was found says of itself. All of it is a claim, of the length and shape given here and otherwise unproven. Immutable; equal when all of
/// it is.</summary>
public sealed record DiscoveredNode
{
    /// <summary>What it offers.</summary>
    public required NodeService Service { get; init; }

    /// <summary>Its name, for people; 1 to 64 characters, no control characters. No two nodes of one network have the same, those of two networks may.</summary>
    public required string Name { get; init; }

    /// <summary>Who it says it is; <see langword="null"/> when that is not known before it is dialled.</summary>
    public NodeId? Id { get; init; }

    /// <summary>Version of the control messages that it speaks, 1 or more; 0 when that is not known.</summary>
    public int ProtocolVersion { get; init; }

    /// <summary>Host or satellite; <see langword="null"/> when it does not say, as of a Pulse.</summary>
    public NodeRole? Role { get; init; }

    /// <summary>Where it says it is; <see langword="null"/> when it does not say.</summary>
    public PeerKind? Kind { get; init; }

    /// <summary>Where it may be dialled, as <c>scheme://address:port</c>; 1 to 64. By its own preference of transports, and of each transport at every address that
    /// is known of it. One scheme may be of a transport that is not known here. Not all of them need to answer.</summary>
    public required ImmutableArray<Uri> EndPoints { get; init; }

    /// <summary>The names of other nodes that say they have the same <see cref="Id"/>, in order: one of them at the most says the truth. Usually empty.</summary>
    public ImmutableArray<string> SameIdAs { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(DiscoveredNode? other) => other is not null && Service == other.Service && Name == other.Name && Id == other.Id
        && ProtocolVersion == other.ProtocolVersion && Role == other.Role && Kind == other.Kind
        && EndPoints.SequenceEqual(other.EndPoints) && SameIdAs.SequenceEqual(other.SameIdAs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Service, Name, Id);
}
