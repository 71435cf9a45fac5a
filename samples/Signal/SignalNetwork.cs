using Loophole.Cluster.Protocol;
using Loophole.Cluster.Quic;
using Loophole.Cluster.Tcp;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Signal;

/// <summary>The transports that a Signal offers, and dials by as host.</summary>
internal static class SignalNetwork
{
    /// <summary>Makes them.</summary>
    /// <param name="choice">Which; checked.</param>
    /// <param name="credentials">This Signal's certificate; <see langword="null"/> for a plain loopback, which QUIC has not.</param>
    /// <param name="loggers">For logs.</param>
    public static TransportSet Open(TransportChoice choice, NodeCredentials? credentials, ILoggerFactory loggers)
    {
        var transports = new List<IClusterTransport>();
        if (choice != TransportChoice.Quic)
        {
            transports.Add(new TcpTransport(new TcpTransportOptions { Credentials = credentials, InsecureLoopback = credentials is null }, loggers));
        }

        if (choice != TransportChoice.Tcp && credentials is not null && QuicTransport.IsSupported)
        {
            transports.Add(new QuicTransport(new QuicTransportOptions { Credentials = credentials }, loggers));
        }

        return new TransportSet(transports, new TransportSetOptions { Choice = choice }, loggers);
    }

    /// <summary>Listens by all of them, at one host and, unless any free ones will do, at one port.</summary>
    /// <param name="network">The transports.</param>
    /// <param name="listen"><c>HOST:PORT</c>.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <exception cref="ArgumentException">It is something else.</exception>
    /// <exception cref="TransportException">An endpoint is taken or not allowed.</exception>
    public static async Task<IClusterListener> ListenAsync(TransportSet network, string listen, CancellationToken cancellationToken)
    {
        var asked = Parse(network.Schemes[0], listen);
        var listeners = new List<IClusterListener>();
        try
        {
            foreach (var scheme in network.Schemes)
            {
                // A name is looked up once: the others listen at the address that the first one got.
                var place = listeners.Count == 0 ? asked : new Uri($"{scheme}://{AddressOf(listeners[0].LocalEndPoint)}:{asked.Port}");
                listeners.Add(await network.ListenAsync(place, cancellationToken));
            }
        }
        catch
        {
            foreach (var listener in listeners)
            {
                await listener.DisposeAsync();
            }

            throw;
        }

        return listeners.Count == 1 ? listeners[0] : new JoinedListener(listeners);
    }

    private static string AddressOf(Uri endPoint) => endPoint.Authority[..endPoint.Authority.LastIndexOf(':')];

    private static Uri Parse(string scheme, string listen) =>
        Uri.TryCreate($"{scheme}://{listen}", UriKind.Absolute, out var endPoint) && endPoint.Port >= 0 && endPoint.PathAndQuery is "/" or ""
            ? endPoint
            : throw new ArgumentException($"--listen takes HOST:PORT, not \"{listen}\".");
}
