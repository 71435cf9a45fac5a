using Loophole.Cluster.Protocol;
using Loophole.Cluster.Quic;
using Loophole.Cluster.Tcp;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Pulse;

/// <summary>The transports that Pulse reaches Signals by.</summary>
internal static class RenderNetwork
{
    /// <summary>Makes all that this machine has: whichever is chosen, the others tell why a Signal is not reached by it.</summary>
    /// <param name="choice">By which of them Signals are worked with; checked.</param>
    /// <param name="credentials">Pulse's certificate; <see langword="null"/> for a plain loopback, which QUIC has not.</param>
    /// <param name="loggers">For logs.</param>
    public static TransportSet Open(TransportChoice choice, NodeCredentials? credentials, ILoggerFactory loggers)
    {
        var transports = new List<IClusterTransport> { new TcpTransport(new TcpTransportOptions { Credentials = credentials, InsecureLoopback = credentials is null }, loggers) };
        if (credentials is not null && QuicTransport.IsSupported)
        {
            transports.Add(new QuicTransport(new QuicTransportOptions { Credentials = credentials }, loggers));
        }

        return new TransportSet(transports, new TransportSetOptions { Choice = choice }, loggers);
    }
}
