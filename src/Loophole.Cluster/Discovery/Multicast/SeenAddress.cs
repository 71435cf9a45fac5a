using System.Net;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>An address of a host.</summary>
internal sealed class SeenAddress(IPAddress address, Lease lease)
{
    public IPAddress Address { get; } = address;

    public Lease Lease { get; set; } = lease;
}
