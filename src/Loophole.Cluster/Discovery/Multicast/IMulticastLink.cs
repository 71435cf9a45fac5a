using System.Collections.Immutable;
using System.Net;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>One network interface by one family of addresses: the seam between protocol and sockets.</summary>
internal interface IMulticastLink
{
    /// <summary>What to call it in logs.</summary>
    string Name { get; }

    /// <summary>Its interface, and the zone of link-local addresses seen through it; above 0.</summary>
    int Interface { get; }

    /// <summary>Whether it is seen by this machine alone.</summary>
    bool IsLoopback { get; }

    /// <summary>The addresses of its interface, of both families. Changed by <see cref="MulticastAgent.ChangeAddresses"/> alone.</summary>
    ImmutableArray<IPAddress> Addresses { get; set; }

    /// <summary>Sends a message, or not: a network loses some. Never blocks, never throws.</summary>
    /// <param name="message">The caller's again on return.</param>
    /// <param name="destination">One peer; <see langword="null"/> for all.</param>
    void Send(ReadOnlySpan<byte> message, IPEndPoint? destination = null);
}
