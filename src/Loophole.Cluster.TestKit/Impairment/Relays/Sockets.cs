using System.Net.Sockets;

namespace Loophole.Cluster.TestKit.Impairment.Relays;

/// <summary>Ends sockets.</summary>
internal static class Sockets
{
    /// <summary>Ends a socket at once; the peer sees a reset. Never throws.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        socket.Dispose();
    }
}
