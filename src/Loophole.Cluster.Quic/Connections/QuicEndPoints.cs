using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Quic.Connections;

/// <summary>What endpoints mean.</summary>
internal static class QuicEndPoints
{
    private static readonly IPAddress[] Localhost = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <exception cref="TransportException">The endpoint is malformed.</exception>
    public static void Check(Uri endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (!endPoint.IsAbsoluteUri || endPoint.Scheme != QuicTransport.UriScheme || endPoint.Port < 0 || endPoint.DnsSafeHost.Length == 0)
        {
            throw new TransportException(TransportError.BadEndPoint, $"{endPoint} is not a {QuicTransport.UriScheme}://host:port endpoint.");
        }
    }

    /// <exception cref="TransportException">The endpoint is malformed, or names a machine instead of an address.</exception>
    public static IPEndPoint ToListenAt(Uri endPoint)
    {
        Check(endPoint);
        var address = endPoint.IdnHost == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(endPoint.DnsSafeHost, out var literal) ? literal
            : throw new TransportException(TransportError.BadEndPoint, $"{endPoint}: give the address to listen at, not a name.");
        return new IPEndPoint(address, endPoint.Port);
    }

    /// <summary>Addresses to try, in order.</summary>
    /// <exception cref="TransportException">The name is not known.</exception>
    public static async ValueTask<IPEndPoint[]> ResolveAsync(Uri endPoint, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = endPoint.IdnHost == "localhost" ? Localhost
                : IPAddress.TryParse(endPoint.DnsSafeHost, out var literal) ? [literal]
                : await Dns.GetHostAddressesAsync(endPoint.DnsSafeHost, cancellationToken).ConfigureAwait(false);
            return [.. addresses.Select(a => new IPEndPoint(a, endPoint.Port))];
        }
        catch (SocketException exception)
        {
            throw new TransportException(TransportError.Unreachable, $"Nobody knows {endPoint.DnsSafeHost}.", exception);
        }
    }

    public static Uri ToUri(EndPoint endPoint) => new($"{QuicTransport.UriScheme}://{endPoint}");
}
