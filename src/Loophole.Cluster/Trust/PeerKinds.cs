using System.Net;

namespace Loophole.Cluster.Trust;

/// <summary>Guesses where a peer is when it is first met; people may say otherwise when they accept it.</summary>
internal static class PeerKinds
{
    private static readonly IPNetwork[] Local =
    [
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("::1/128"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fc00::/7"),
    ];

    /// <summary>An address that does not leave a local network, or a name that only one knows, is local; everything else is the cloud.</summary>
    public static PeerKind Of(Uri endPoint)
    {
        var host = endPoint.DnsSafeHost;
        var isLocal = IPAddress.TryParse(host, out var address)
            ? IsLocal(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
            : !host.Contains('.', StringComparison.Ordinal) || host.EndsWith(".local", StringComparison.OrdinalIgnoreCase);
        return isLocal ? PeerKind.Lan : PeerKind.Cloud;
    }

    private static bool IsLocal(IPAddress address)
    {
        // A scope names an interface, not another network.
        var plain = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes()) : address;
        return Array.Exists(Local, network => network.Contains(plain));
    }
}
