using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>One connected socket and what is spoken over it: plain bytes, or TLS from the handshake on.</summary>
/// <remarks>One reader and one writer at a time. Whoever holds the line ends it with <see cref="Dispose"/> or <see cref="Reset"/>.</remarks>
internal sealed class SocketLine(Socket socket) : IDisposable
{
    private readonly SocketSender _sender = new();
    private LineStream? _stream;

    public Socket Socket => socket;

    /// <summary>The peer's address; known after the end, too.</summary>
    public EndPoint? RemoteEndPoint { get; private set; } = socket.Connected ? socket.RemoteEndPoint : null;

    /// <summary>Whether reads wait as <see cref="QuietSocket"/> does: as long as the line is, or may become, an audio channel's.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>What encrypts the line; <see langword="null"/> as long as it is plain.</summary>
    public SslStream? Tls { get; private set; }

    /// <summary>The socket as <see cref="Tls"/> sees it; <see langword="null"/> as long as the line is plain.</summary>
    public LineStream? Stream => _stream;

    /// <summary>Who the peer has proven to be; <see langword="null"/> on a plain line.</summary>
    public NodeFingerprint? RemoteFingerprint { get; private set; }

    /// <summary>Reaches the peer.</summary>
    public async ValueTask ConnectAsync(EndPoint remote, CancellationToken cancellationToken)
    {
        if (IsQuiet)
        {
            await QuietSocket.ConnectAsync(socket, remote, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await socket.ConnectAsync(remote, cancellationToken).ConfigureAwait(false);
        }

        RemoteEndPoint = socket.RemoteEndPoint;
    }

    /// <summary>Runs a handshake; from then on every byte is encrypted. After a failure the line is good for nothing but its end.</summary>
    /// <param name="authenticate">Starts the handshake on the stream it is given.</param>
    /// <param name="check">What learns of the peer meanwhile.</param>
    public async ValueTask SecureAsync(Func<SslStream, Task> authenticate, PeerCertificateCheck check)
    {
        _stream = new LineStream(this);
        Tls = new SslStream(_stream);
        using (await _stream.EnterAsync().ConfigureAwait(false))
        {
            await authenticate(Tls).ConfigureAwait(false);
        }

        RemoteFingerprint = check.Fingerprint;
    }

    /// <summary>Reads what there is, at least one byte.</summary>
    /// <returns>Bytes read; 0 once the peer has ended its side in good order.</returns>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        Tls is null ? ReceiveRawAsync(buffer, cancellationToken) : ReceiveTlsAsync(Tls, buffer, cancellationToken);

    /// <summary>Reads what there is on the socket itself.</summary>
    public ValueTask<int> ReceiveRawAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        IsQuiet ? QuietSocket.ReceiveAsync(socket, buffer, cancellationToken) : socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    /// <summary>Fills a buffer.</summary>
    /// <returns><see langword="false"/> when the peer ended before it was full.</returns>
    public async ValueTask<bool> TryReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var count = await ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }

    /// <summary>Sends what stands at the front of a buffer: several pieces in one system call when plain, one piece under TLS.</summary>
    /// <returns>Bytes sent; possibly less than there are.</returns>
    public ValueTask<int> SendAsync(in ReadOnlySequence<byte> buffer) =>
        Tls is null ? _sender.SendAsync(socket, buffer) : SendTlsAsync(Tls, buffer);

    /// <summary>Sends the whole of a buffer.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (Tls is not null)
        {
            await Tls.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            return;
        }

        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
    }

    /// <summary>Ends this side after everything sent, and leaves the other side open: close_notify under TLS, then FIN.</summary>
    public async ValueTask EndAsync()
    {
        if (Tls is not null)
        {
            Task ending;
            using (await _stream!.EnterAsync().ConfigureAwait(false))
            {
                // The record is made before the call returns. Only that needs the gate: a peer that does not read must not stop our reading.
                ending = Tls.ShutdownAsync();
            }

            await ending.ConfigureAwait(false);
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Ends the line at once; the peer sees a reset. Never throws.</summary>
    public void Reset()
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        Dispose();
    }

    /// <summary>Closes the socket. What was not sent by then, the end under TLS included, is not sent any more.</summary>
    public void Dispose()
    {
        socket.Dispose();
        Tls?.Dispose();
        _sender.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveTlsAsync(SslStream tls, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using (await _stream!.EnterAsync().ConfigureAwait(false))
        {
            var count = await tls.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return count == 0 && _stream.HasEnded
                ? throw new TransportException(TransportError.PeerReset, "The peer's socket ended before its TLS session did, so bytes may be missing.")
                : count;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> SendTlsAsync(SslStream tls, ReadOnlySequence<byte> buffer)
    {
        foreach (var piece in buffer)
        {
            if (!piece.IsEmpty)
            {
                await tls.WriteAsync(piece).ConfigureAwait(false);
                return piece.Length;
            }
        }

        return 0;
    }
}
