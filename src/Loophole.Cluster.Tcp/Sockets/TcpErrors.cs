using System.Net.Sockets;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Translates what sockets throw, once, at the seam.</summary>
internal static class TcpErrors
{
    public static TransportException OfChannel(Exception exception) => exception switch
    {
        TransportException known => known,
        SocketException
        {
            SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.NetworkReset
                or SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NotConnected,
        } => new TransportException(TransportError.PeerReset, "The peer, or the way to it, went away.", exception),
        ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted } =>
            new TransportException(TransportError.Aborted, "This side closed the socket.", exception),
        _ => new TransportException(TransportError.Unknown, "The socket failed.", exception),
    };
}
