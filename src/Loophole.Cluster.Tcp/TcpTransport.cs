using System.Collections.Concurrent;
using System.Net.Sockets;
using Loophole.Cluster.Tcp.Connections;
using Loophole.Cluster.Tcp.Sockets;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Tcp;

/// <summary>Connections over TCP, a socket per channel. Plain TCP, so between processes of one machine only.</summary>
/// <remarks>
/// <para><b>Endpoints.</b> <c>tcp://127.0.0.1:port</c>, <c>tcp://[::1]:port</c>, or <c>tcp://localhost:port</c>, which listens at the first and
/// tries both. Anything else is refused.</para>
/// <para><b>Listener.</b> Channels of an accepted connection arrive through its listener: disposing the listener leaves what is open alone, but no
/// further channel can be opened.</para>
/// </remarks>
public sealed class TcpTransport : IClusterTransport
{
    internal const string UriScheme = "tcp";

    private const int Backlog = 512;

    private readonly TcpSettings _settings;
    private readonly ConcurrentDictionary<TcpClusterListener, bool> _listeners = new();
    private int _isDisposed;

    /// <summary>Makes a transport.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="loggerFactory">Where log events go; <see langword="null"/> for nowhere.</param>
    /// <param name="timeProvider">The clock of all deadlines; <see langword="null"/> for <see cref="TimeProvider.System"/>.</param>
    public TcpTransport(TcpTransportOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _settings = new TcpSettings(options, loggerFactory, timeProvider);
    }

    /// <inheritdoc/>
    public string Scheme => UriScheme;

    /// <inheritdoc/>
    public TransportSecurity Security => TransportSecurity.SameMachine;

    /// <inheritdoc/>
    public ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        var endPoint = TcpEndPoints.Resolve(local, _settings.Options.InsecureLoopback)[0];
        cancellationToken.ThrowIfCancellationRequested();
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(Backlog);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new TransportException(TransportError.BadEndPoint, $"Cannot listen at {local}: {exception.Message}.", exception);
        }

        var listener = new TcpClusterListener(socket, _settings, closed => _listeners.TryRemove(closed, out _));
        _listeners[listener] = true;
        return new ValueTask<IClusterListener>(listener);
    }

    /// <inheritdoc/>
    public async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        var addresses = TcpEndPoints.Resolve(remote, _settings.Options.InsecureLoopback);
        cancellationToken.ThrowIfCancellationRequested();
        return await DialedConnection.ConnectAsync(new TcpDialer(_settings, remote, addresses), remote, _settings, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Disposes the listeners. Connections are their callers' to dispose.</summary>
    /// <returns>Completes when no port is bound any more.</returns>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, 1);
        foreach (var listener in _listeners.Keys)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }
    }
}
