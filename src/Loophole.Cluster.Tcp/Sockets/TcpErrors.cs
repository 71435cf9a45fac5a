using System.Net.Sockets;
using System.Security.Authentication;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Translates what sockets and TLS throw, once, at the seam.</summary>
internal static class TcpErrors
{
    /// <summary>Whether a line throws such when it ends, as opposed to a wrong call.</summary>
    public static bool IsOfLine(Exception exception) =>
        exception is SocketException or ObjectDisposedException or IOException or AuthenticationException;

    public static TransportException OfChannel(Exception exception) => exception switch
    {
        TransportException known => known,
        IOException { InnerException: SocketException or ObjectDisposedException } => OfChannel(exception.InnerException),
        SocketException
        {
            SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.NetworkReset
                or SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NotConnected,
        } => new TransportException(TransportError.PeerReset, "The peer, or the way to it, went away.", exception),
        ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted } =>
            new TransportException(TransportError.Aborted, "This side closed the socket.", exception),
        IOException { InnerException: null } => new TransportException(TransportError.PeerReset, "The peer's socket ended within a TLS record.", exception),
        IOException or AuthenticationException => new TransportException(TransportError.ProtocolViolation, "What the peer sent is no sound TLS.", exception),
        _ => new TransportException(TransportError.Unknown, "The socket failed.", exception),
    };
}
