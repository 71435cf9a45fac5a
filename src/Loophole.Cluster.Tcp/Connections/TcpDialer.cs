using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Tcp.Sockets;
using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Connections;

/// <summary>Opens greeted lines to one peer.</summary>
internal sealed class TcpDialer(TcpSettings settings, Uri remote, IPEndPoint[] addresses)
{
    /// <summary>Connects a socket and says what it is for.</summary>
    /// <returns>The line, the caller's, and the token in the answer.</returns>
    /// <exception cref="TransportException">Nobody answers in time, or the peer refuses.</exception>
    public async ValueTask<(SocketLine Line, Guid Token)> DialAsync(Preamble preamble, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(settings.Options.ConnectTimeout, settings.Time, cancellationToken);
        SocketLine? line = null;
        try
        {
            line = await ConnectAsync(deadline.Token).ConfigureAwait(false);
            var token = await SocketIo.GreetAsync(line, preamble, remote, deadline.Token).ConfigureAwait(false);
            var connected = line;
            line = null;
            return (connected, token);
        }
        catch (OperationCanceledException canceled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TransportException(TransportError.Unreachable, $"{remote} did not answer in {settings.Options.ConnectTimeout}.", canceled);
        }
        catch (SocketException exception)
        {
            // A reset is somebody's answer, even when it comes as fast as the connection itself.
            throw line is null && exception.SocketErrorCode != SocketError.ConnectionReset
                ? new TransportException(TransportError.Unreachable, $"Nobody answers at {remote}.", exception)
                : new TransportException(TransportError.Refused, $"{remote} ended the connection without an answer.", exception);
        }
        finally
        {
            line?.Reset();
        }
    }

    private async ValueTask<SocketLine> ConnectAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                settings.Configure(socket);
                await socket.ConnectAsync(addresses[i], cancellationToken).ConfigureAwait(false);
                return new SocketLine(socket);
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
