using System.Collections.Immutable;
using System.Net;

namespace Loophole.Cluster.Discovery;

/// <summary>A node as it is seen through one link.</summary>
internal sealed record SeenNode(NodeService Service, string Name, NodeText Text, ImmutableArray<IPAddress> Addresses)
{
    public bool Equals(SeenNode? other) =>
        other is not null && Service == other.Service && Name == other.Name && Text.Equals(other.Text) && Addresses.SequenceEqual(other.Addresses);

    public override int GetHashCode() => HashCode.Combine(Service, Name);
}
