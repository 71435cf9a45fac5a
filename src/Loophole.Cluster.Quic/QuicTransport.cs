using System.Collections.Concurrent;
using System.Net.Quic;
using System.Runtime.Versioning;
using Loophole.Cluster.Quic.Connections;
using Loophole.Cluster.Transports;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Quic;

/// <summary>Connections over QUIC: a stream per channel, TLS 1.3 with certificates on both sides.</summary>
/// <remarks>
/// <para><b>Endpoints.</b> <c>quic://address:port</c>, or <c>quic://name:port</c> to connect. <c>localhost</c> listens at 127.0.0.1;
/// <c>0.0.0.0</c> and <c>[::]</c> listen everywhere.</para>
/// <para><b>Two connections.</b> State and media travel over a second QUIC connection to the same peer, because streams of one connection have no
/// priorities and bulk would stand before audio.</para>
/// <para><b>Unread channels.</b> Channels of one QUIC connection share its window. One that is written to and never read can take all of it and so
/// stop the others of that connection: whoever accepts a channel reads it, or ends it.</para>
/// <para><b>Listener.</b> Disposing a listener leaves the connections accepted alone; they still open channels from both ends.</para>
/// </remarks>
public sealed class QuicTransport : IClusterTransport
{
    internal const string UriScheme = "quic";

    private readonly QuicSettings _settings;
    private readonly ConcurrentDictionary<IClusterListener, bool> _listeners = new();
    private int _isDisposed;

    /// <summary>Makes a transport.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="loggerFactory">Where log events go; <see langword="null"/> for nowhere.</param>
    /// <param name="timeProvider">The clock of this transport's own deadlines and of certificates' validity; <see langword="null"/> for
    /// <see cref="TimeProvider.System"/>. Handshake, keep-alive and idle timeouts run by the QUIC library's clock.</param>
    /// <exception cref="TransportException">QUIC cannot be used here, see <see cref="UnsupportedReason"/>.</exception>
    public QuicTransport(QuicTransportOptions options, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!IsSupported)
        {
            throw Unsupported();
        }

        _settings = new QuicSettings(options, loggerFactory, timeProvider);
    }

    /// <summary>Whether QUIC can be used on this machine. [any]</summary>
    [SupportedOSPlatformGuard("linux")]
    [SupportedOSPlatformGuard("macos")]
    [SupportedOSPlatformGuard("windows")]
    public static bool IsSupported =>
        (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsWindows()) && QuicListener.IsSupported && QuicConnection.IsSupported;

    /// <summary>What is missing and what to install; <see langword="null"/> when <see cref="IsSupported"/>. [any]</summary>
    public static string? UnsupportedReason => IsSupported ? null : Describe();

    /// <inheritdoc/>
    public string Scheme => UriScheme;

    /// <inheritdoc/>
    public TransportSecurity Security => TransportSecurity.MutualTls;

    /// <inheritdoc/>
    public async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        if (!IsSupported)
        {
            throw Unsupported();
        }

        var endPoint = QuicEndPoints.ToListenAt(local);
        cancellationToken.ThrowIfCancellationRequested();
        var listener = await QuicClusterListener.StartAsync(endPoint, _settings, closed => _listeners.TryRemove(closed, out _)).ConfigureAwait(false);
        _listeners[listener] = true;
        return listener;
    }

    /// <inheritdoc/>
    public async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        if (!IsSupported)
        {
            throw Unsupported();
        }

        QuicEndPoints.Check(remote);
        cancellationToken.ThrowIfCancellationRequested();
        return await new QuicDialer(_settings, remote).ConnectAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Disposes the listeners. Connections are their callers' to dispose.</summary>
    /// <returns>Completes when no port is bound any more, but for those of connections accepted.</returns>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isDisposed, 1);
        foreach (var listener in _listeners.Keys)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static TransportException Unsupported()
    {
        var reason = Describe();
        return new TransportException(TransportError.Unknown, reason, new PlatformNotSupportedException(reason));
    }

    private static string Describe() =>
        OperatingSystem.IsWindows() ? "QUIC needs Windows 11 or Windows Server 2022, or newer, with TLS 1.3 not switched off."
        : OperatingSystem.IsLinux() ? "QUIC needs libmsquic 2.2.2 or newer: install the package libmsquic of Microsoft's Linux repository."
        : OperatingSystem.IsMacOS() ? "QUIC needs libmsquic 2.2.2 or newer: install it with Homebrew and put its folder into DYLD_FALLBACK_LIBRARY_PATH."
        : "QUIC works on Linux, macOS and Windows only.";
}
