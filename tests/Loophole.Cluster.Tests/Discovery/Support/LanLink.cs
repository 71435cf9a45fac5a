using System.Collections.Immutable;
using System.Net;
using Loophole.Cluster.Discovery.Multicast;

namespace Loophole.Cluster.Tests.Discovery.Support;

/// <summary>A station's interface on a <see cref="Lan"/>.</summary>
internal sealed class LanLink(Lan lan, MulticastAgent agent, IPAddress address) : IMulticastLink
{
    public MulticastAgent Agent => agent;

    public string Name => address.ToString();

    public int Interface => 7;

    public bool IsLoopback => false;

    public ImmutableArray<IPAddress> Addresses { get; set; } = [address];

    public IPEndPoint EndPoint { get; } = new(address, MulticastAgent.Port);

    public void Send(ReadOnlySpan<byte> message, IPEndPoint? destination = null) => lan.Send(this, message.ToArray(), destination);
}
