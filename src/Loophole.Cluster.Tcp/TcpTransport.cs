using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Tcp.Connections;
using Loophole.Cluster.Tcp.Sockets;
using Loophole.Cluster.Tcp.Telemetry;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Tcp;

/// <summary>Connections over TCP, a socket per channel: under TLS 1.3 with certificates on both sides, or plain between processes of one machine.</summary>
/// <remarks>
/// <para><b>Security.</b> Any peer with a sound certificate is let in; whom to trust is decided above, by the connection's fingerprint. All sockets
/// of a connection come from one certificate. Neither kind of transport ever talks to the other.</para>
/// <para><b>Endpoints.</b> <c>tcp://host:port</c>: an address, <c>localhost</c> (listens at 127.0.0.1, tries ::1 as well), or under TLS any name, of
/// which all addresses are tried; under TLS <c>tcp://0.0.0.0:port</c> and <c>tcp://[::]:port</c> listen everywhere, the latter for both families.
/// Plain TCP refuses what is not loopback.</para>
/// <para><b>Listener.</b> Channels of an accepted connection arrive through its listener: disposing the listener leaves what is open alone, but no
/// further channel can be opened.</para>
/// </remarks>
public sealed class TcpTransport : IClusterTransport
{
    internal const string UriScheme = "tcp";

    private const int Backlog = 512;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly TcpSettings _settings;
    private readonly ConcurrentDictionary<TcpClusterListener, bool> _listeners = new();
    private int _isDisposed;

    /// <summary>Makes a transport.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="loggerFactory">Where log events go; <see langword="null"/> for nowhere.</param>
    /// <param name="timeProvider">The clock of all deadlines; <see langword="null"/> for <see cref="TimeProvider.System"/>.</param>
    /// <exception cref="ArgumentException">Not exactly one of credentials and insecure loopback is set.</exception>
    public TcpTransport(TcpTransportOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _settings = new TcpSettings(options, loggerFactory, timeProvider);
    }

    /// <inheritdoc/>
    public string Scheme => UriScheme;

    /// <inheritdoc/>
    public TransportSecurity Security => _settings.Security;

    /// <inheritdoc/>
    public async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        using var deadline = new Deadline(_settings.Options.ConnectTimeout, _settings.Time, cancellationToken);
        try
        {
            var addresses = await TcpEndPoints.ResolveAsync(local, _settings.Security, deadline.Token).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            var listener = new TcpClusterListener(Bind(addresses), _settings, closed => _listeners.TryRemove(closed, out _));
            _listeners[listener] = true;
            return listener;
        }
        catch (SocketException exception)
        {
            throw new TransportException(TransportError.BadEndPoint, $"Cannot listen at {local}: {exception.Message}.", exception);
        }
        catch (OperationCanceledException canceled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransportException(TransportError.BadEndPoint, $"Cannot listen at {local}: nobody says in time what the name means.", canceled);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        var start = _settings.Time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause < LongestPause / 2 ? pause * 2 : LongestPause)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                return await DialedConnection.ConnectAsync(new TcpDialer(_settings, remote), remote, _settings, cancellationToken).ConfigureAwait(false);
            }
            catch (TransportException exception) when (exception.Error == TransportError.Unreachable
                && _settings.Time.GetElapsedTime(start) + pause <= _settings.Options.ConnectRetry)
            {
                TcpLog.TryingAgain(_settings.Logger, remote, pause, exception.Message);
            }

            await Task.Delay(pause, _settings.Time, cancellationToken).ConfigureAwait(false);
        }
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

    /// <summary>Binds the first address that this machine has.</summary>
    private static Socket Bind(IPEndPoint[] endPoints)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return Bind(endPoints[i]);
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable && i + 1 < endPoints.Length)
            {
                // A name may mean an address that is another machine's.
            }
        }
    }

    private static Socket Bind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
