using System.Collections.Concurrent;
using System.Net;
using System.Net.Quic;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Threading.Channels;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Quic.Streams;
using Loophole.Cluster.Quic.Telemetry;
using Loophole.Cluster.Quic.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Quic.Connections;

/// <summary>Accepts QUIC connections, hears what each is for, and makes peers of them.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class QuicClusterListener : IClusterListener
{
    private const int Backlog = 512;
    private const int MaxWaiting = 128;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly QuicSettings _settings;
    private readonly Action<QuicClusterListener> _onClosed;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private readonly ConditionalWeakTable<QuicConnection, PeerCertificateCheck> _checks = [];
    private readonly ConcurrentDictionary<Guid, QuicPeerConnection> _awaitingBulk = new();
    private readonly Channel<QuicPeerConnection> _waiting = Channel.CreateBounded<QuicPeerConnection>(MaxWaiting);
    private readonly HalfOpen _halfOpen;
    private QuicListener _listener = null!;
    private Task _accepting = Task.CompletedTask;
    private int _isDisposed;

    private QuicClusterListener(QuicSettings settings, Action<QuicClusterListener> onClosed)
    {
        _settings = settings;
        _onClosed = onClosed;
        _stopped = _stop.Token;
        _halfOpen = new HalfOpen(settings.Options.MaxHalfOpen);
    }

    public Uri LocalEndPoint { get; private set; } = null!;

    /// <exception cref="TransportException">The endpoint is taken or not this machine's.</exception>
    public static async ValueTask<QuicClusterListener> StartAsync(IPEndPoint endPoint, QuicSettings settings, Action<QuicClusterListener> onClosed)
    {
        var listener = new QuicClusterListener(settings, onClosed);
        try
        {
            listener._listener = await QuicListener.ListenAsync(new QuicListenerOptions
            {
                ListenEndPoint = endPoint,
                ListenBacklog = Backlog,
                ApplicationProtocols = [NodeCredentials.ApplicationProtocol],
                ConnectionOptionsCallback = (connection, _, _) => new ValueTask<QuicServerConnectionOptions>(listener.OptionsFor(connection)),
            }).ConfigureAwait(false);
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
        {
            listener._stop.Dispose();
            throw new TransportException(TransportError.BadEndPoint, $"Cannot listen at {QuicEndPoints.ToUri(endPoint)}: {exception.Message}", exception);
        }

        listener.LocalEndPoint = QuicEndPoints.ToUri(listener._listener.LocalEndPoint);
        listener._accepting = listener.AcceptAllAsync();
        return listener;
    }

    public async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_waiting.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _onClosed(this);
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        while (_waiting.Reader.TryRead(out var connection))
        {
            connection.Abort("The listener was disposed before anybody accepted the connection.");
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private QuicServerConnectionOptions OptionsFor(QuicConnection connection)
    {
        var check = new PeerCertificateCheck(_settings.Time);
        _checks.Add(connection, check);
        var options = _settings.ServerOptions(check);
        var remote = connection.RemoteEndPoint;
        options.ServerAuthenticationOptions.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            var isSound = check.Validate(sender, certificate, chain, errors);
            if (!isSound)
            {
                QuicLog.ClientTurnedAway(_settings.Logger, remote, check.Fault!);
            }

            return isSound;
        };
        return options;
    }

    private async Task AcceptAllAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                var connection = await _listener.AcceptConnectionAsync(_stopped).ConfigureAwait(false);
                _ = GreetAsync(connection);
            }
            catch (Exception) when (_stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
            {
                // One client's handshake; the next one waits already.
                QuicLog.HandshakeFailed(_settings.Logger, LocalEndPoint, exception.Message);
            }
            catch (Exception exception)
            {
                QuicLog.AcceptFailed(_settings.Logger, LocalEndPoint, exception);
                await Task.Delay(PauseAfterFailure, _settings.Time, _stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task GreetAsync(QuicConnection connection)
    {
        var remote = connection.RemoteEndPoint;
        var place = _halfOpen.Add(connection);
        var refusal = CloseCode.NoHello;
        try
        {
            using var deadline = new Deadline(_settings.Options.HelloTimeout, _settings.Time, _stopped);
            var stream = await connection.AcceptInboundStreamAsync(deadline.Token).ConfigureAwait(false);
            var (hello, fault) = stream.Type == QuicStreamType.Bidirectional
                ? await Greeting.ReadAsync(stream, deadline.Token).ConfigureAwait(false)
                : (default, CloseCode.BadHello);
            refusal = fault != CloseCode.Done ? fault
                : hello is { Purpose: (byte)ChannelPurpose.Control } && hello.Secret == Guid.Empty ? TryConnect(connection, stream)
                : hello is { Purpose: Hello.BulkPurpose } ? await TryJoinAsync(connection, stream, hello.Secret, deadline.Token).ConfigureAwait(false)
                : CloseCode.BadHello;
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception) || exception is OperationCanceledException)
        {
            // Said already.
        }
        finally
        {
            _halfOpen.Remove(place);
        }

        if (refusal != CloseCode.Done)
        {
            QuicLog.ClientTurnedAway(_settings.Logger, remote, refusal.ToString());
            await QuicPeerConnection.DropAsync(connection, refusal).ConfigureAwait(false);
        }
    }

    private CloseCode TryConnect(QuicConnection connection, QuicStream control)
    {
        _checks.TryGetValue(connection, out var check);
        var peer = new QuicPeerConnection(
            connection,
            control,
            new Guid(RandomNumberGenerator.GetBytes(16)),
            isAnswered: false,
            QuicEndPoints.ToUri(connection.RemoteEndPoint),
            check!.Fingerprint!.Value,
            _settings,
            closed => _awaitingBulk.TryRemove(closed.Secret, out _));
        _awaitingBulk[peer.Secret] = peer;
        if (!_waiting.Writer.TryWrite(peer))
        {
            _awaitingBulk.TryRemove(peer.Secret, out _);
            peer.Discard();
            return CloseCode.Busy;
        }

        peer.Start();
        return CloseCode.Done;
    }

    /// <summary>Takes the second connection of a peer: the secret is good once, and only for who was given it.</summary>
    private async ValueTask<CloseCode> TryJoinAsync(QuicConnection bulk, QuicStream stream, Guid secret, CancellationToken cancellationToken)
    {
        _checks.TryGetValue(bulk, out var check);
        if (!_awaitingBulk.TryGetValue(secret, out var peer) || peer.RemoteFingerprint != check!.Fingerprint || !_awaitingBulk.TryRemove(secret, out _))
        {
            return CloseCode.BadHello;
        }

        // The answer goes before the connection is the peer's: from then on a failure is the peer's, too.
        await stream.WriteAsync(new Hello(Hello.BulkPurpose).ToArray(), completeWrites: true, cancellationToken).ConfigureAwait(false);
        if (!peer.TrySetBulk(bulk))
        {
            return CloseCode.Busy;
        }

        await stream.DisposeAsync().ConfigureAwait(false);
        return CloseCode.Done;
    }
}
