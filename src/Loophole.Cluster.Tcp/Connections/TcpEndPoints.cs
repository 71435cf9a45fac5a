using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Connections;

/// <summary>What endpoints mean, and which ones plain TCP may use. Plain TCP looks no name up but <c>localhost</c>: what a name means is the network's word.</summary>
internal static class TcpEndPoints
{
    private static readonly IPAddress[] Localhost = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>Finds the addresses to try for an endpoint, in order; at least one.</summary>
    /// <exception cref="TransportException">The endpoint is malformed or not allowed.</exception>
    /// <exception cref="SocketException">The name is not known.</exception>
    public static async ValueTask<IPEndPoint[]> ResolveAsync(Uri endPoint, TransportSecurity security, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (!endPoint.IsAbsoluteUri || endPoint.Scheme != TcpTransport.UriScheme || endPoint.Port < 0 || endPoint.Host.Length == 0)
        {
            throw new TransportException(TransportError.BadEndPoint, $"{endPoint} is not a {TcpTransport.UriScheme}://host:port endpoint.");
        }

        var isAddress = IPAddress.TryParse(endPoint.DnsSafeHost, out var address);
        var addresses = endPoint.IdnHost == "localhost" ? Localhost
            : security == TransportSecurity.MutualTls
                ? isAddress ? [address!] : await Dns.GetHostAddressesAsync(endPoint.IdnHost, cancellationToken).ConfigureAwait(false)
            : isAddress && IPAddress.IsLoopback(address!) ? [address!]
            : throw new TransportException(TransportError.BadEndPoint, $"{endPoint} is not a loopback address, and plain TCP may use no other; with credentials any address is allowed.");
        return [.. addresses.Select(a => new IPEndPoint(a, endPoint.Port))];
    }

    /// <summary>An address as endpoint. An IPv4 client of a socket for both families is shown as such.</summary>
    public static Uri ToUri(EndPoint endPoint) => endPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
        ? ToUri(new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port))
        : new Uri($"{TcpTransport.UriScheme}://{endPoint}");
}
