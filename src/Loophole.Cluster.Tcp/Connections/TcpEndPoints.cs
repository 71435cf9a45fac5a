using System.Net;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Connections;

/// <summary>Which endpoints plain TCP may use. Names other than <c>localhost</c> are not looked up: what they mean is the network's word.</summary>
internal static class TcpEndPoints
{
    private static readonly IPAddress[] Localhost = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>Addresses to try for an endpoint, in order.</summary>
    /// <exception cref="TransportException">The endpoint is malformed or not allowed.</exception>
    public static IPEndPoint[] Resolve(Uri endPoint, bool isInsecureLoopbackAllowed)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (!endPoint.IsAbsoluteUri || endPoint.Scheme != TcpTransport.UriScheme || endPoint.Port < 0)
        {
            throw new TransportException(TransportError.BadEndPoint, $"{endPoint} is not a {TcpTransport.UriScheme}://host:port endpoint.");
        }

        if (!isInsecureLoopbackAllowed)
        {
            throw new TransportException(TransportError.BadEndPoint, $"{endPoint}: plain TCP is neither encrypted nor authenticated; allow it on this machine with --insecure-loopback.");
        }

        var addresses = endPoint.IdnHost == "localhost" ? Localhost
            : IPAddress.TryParse(endPoint.DnsSafeHost, out var address) && IPAddress.IsLoopback(address) ? [address]
            : throw new TransportException(TransportError.BadEndPoint, $"{endPoint} is not a loopback address; --insecure-loopback allows no other.");
        return [.. addresses.Select(a => new IPEndPoint(a, endPoint.Port))];
    }

    public static Uri ToUri(EndPoint endPoint) => new($"{TcpTransport.UriScheme}://{endPoint}");
}
