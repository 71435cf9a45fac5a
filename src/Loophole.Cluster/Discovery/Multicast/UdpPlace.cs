using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>Where a socket may be: an interface by one family of addresses, of which it has one.</summary>
/// <param name="Name">What the interface is called.</param>
/// <param name="Index">Its number.</param>
/// <param name="Family">The family.</param>
/// <param name="IsLoopback">Whether it leads nowhere.</param>
/// <param name="Addresses">All its addresses, of both families, with the length of their networks.</param>
internal sealed record UdpPlace(string Name, int Index, AddressFamily Family, bool IsLoopback, ImmutableArray<(IPAddress Address, int PrefixLength)> Addresses)
{
    /// <summary>The places that there are now.</summary>
    public static IReadOnlyList<UdpPlace> List()
    {
        var places = new List<UdpPlace>();
        foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
        {
            // The loopback interface does it, and does not say so. Of some kinds it is not known whether they are up.
            var isLoopback = network.NetworkInterfaceType == NetworkInterfaceType.Loopback;
            if ((isLoopback || network.SupportsMulticast) && network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            {
                places.AddRange(PlacesOf(network, isLoopback));
            }
        }

        return places;
    }

    /// <summary>Whether an address is in a network of the interface: who is further away is no neighbour (RFC 6762, 11).</summary>
    public bool IsNear(IPAddress address) => IsLoopback || address.IsIPv6LinkLocal || Addresses.Any(own => IsInNetwork(address, own.Address, own.PrefixLength));

    private static IEnumerable<UdpPlace> PlacesOf(NetworkInterface network, bool isLoopback)
    {
        var properties = network.GetIPProperties();
        ImmutableArray<(IPAddress, int)> addresses = [.. properties.UnicastAddresses.Select(own => (own.Address, own.PrefixLength))];
        var hasIPv4 = network.Supports(NetworkInterfaceComponent.IPv4) && properties.UnicastAddresses.Any(own => own.Address.AddressFamily == AddressFamily.InterNetwork);
        if (hasIPv4)
        {
            yield return new UdpPlace(network.Name, properties.GetIPv4Properties().Index, AddressFamily.InterNetwork, isLoopback, addresses);
        }

        // One way to oneself is enough, and Linux has no route for multicast of IPv6 on the loopback interface.
        if (!(isLoopback && hasIPv4) && network.Supports(NetworkInterfaceComponent.IPv6) && properties.UnicastAddresses.Any(own => own.Address.AddressFamily == AddressFamily.InterNetworkV6))
        {
            yield return new UdpPlace(network.Name, properties.GetIPv6Properties().Index, AddressFamily.InterNetworkV6, isLoopback, addresses);
        }
    }

    private static bool IsInNetwork(IPAddress address, IPAddress own, int prefixLength)
    {
        Span<byte> first = stackalloc byte[16], second = stackalloc byte[16];
        address.TryWriteBytes(first, out var length);
        if (!own.TryWriteBytes(second, out var ownLength) || ownLength != length)
        {
            return false;
        }

        var (whole, rest) = (prefixLength / 8, prefixLength % 8);
        return first[..whole].SequenceEqual(second[..whole]) && (rest == 0 || (first[whole] ^ second[whole]) >> (8 - rest) == 0);
    }
}
