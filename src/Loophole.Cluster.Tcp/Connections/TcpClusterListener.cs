using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Loophole.Cluster.Tcp.Sockets;
using Loophole.Cluster.Tcp.Telemetry;
using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Connections;

/// <summary>Accepts sockets, hears what each is for, and gives it to the connection it belongs to.</summary>
internal sealed class TcpClusterListener : IClusterListener
{
    private const int MaxWaiting = 128;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly TcpSettings _settings;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private readonly ConcurrentDictionary<Guid, AcceptedConnection> _connections = new();
    private readonly Channel<AcceptedConnection> _waiting = Channel.CreateBounded<AcceptedConnection>(MaxWaiting);
    private readonly HalfOpenLines _halfOpen;
    private readonly Action<TcpClusterListener> _onClosed;
    private readonly Task _accepting;
    private int _isDisposed;

    public TcpClusterListener(Socket socket, TcpSettings settings, Action<TcpClusterListener> onClosed)
    {
        _socket = socket;
        _settings = settings;
        _halfOpen = new HalfOpenLines(settings.Options.MaxHalfOpen);
        _onClosed = onClosed;
        _stopped = _stop.Token;
        LocalEndPoint = TcpEndPoints.ToUri(socket.LocalEndPoint!);
        _accepting = AcceptAllAsync();
    }

    public Uri LocalEndPoint { get; }

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
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        while (_waiting.Reader.TryRead(out var connection))
        {
            connection.Abort("The listener was disposed before anybody accepted the connection.");
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stopped).ConfigureAwait(false);
                _ = GreetAsync(new SocketLine(socket));
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // Out of file handles, or a client that was gone at once: the next one may fare better.
                TcpLog.AcceptFailed(_settings.Logger, LocalEndPoint, exception);
                await Task.Delay(PauseAfterFailure, _settings.Time, _stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task GreetAsync(SocketLine line)
    {
        var place = _halfOpen.Add(line);
        string? refusal;
        try
        {
            _settings.Configure(line.Socket);
            using var deadline = new Deadline(_settings.Options.PreambleTimeout, _settings.Time, _stopped);
            refusal = await TrySecureAsync(line, deadline.Token).ConfigureAwait(false)
                ?? await TryHearAsync(line, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (TcpErrors.IsOfLine(exception))
        {
            refusal = exception.Message;
        }
        catch (OperationCanceledException)
        {
            refusal = "it did not say in time what it wants";
        }

        var hadPlace = _halfOpen.TryRemove(place);
        if (refusal is not null)
        {
            TcpLog.ClientTurnedAway(_settings.Logger, line.RemoteEndPoint, hadPlace ? refusal : "too many had not said what they want, and it was the first of them");
            line.Dispose();
        }
    }

    private async ValueTask<string?> TrySecureAsync(SocketLine line, CancellationToken cancellationToken) =>
        _settings.Credentials is { } credentials
            ? (await TlsHandshake.AcceptAsync(line, credentials, _settings.Time, cancellationToken).ConfigureAwait(false))?.Reason
            : null;

    private async ValueTask<string?> TryHearAsync(SocketLine line, CancellationToken cancellationToken)
    {
        var bytes = new byte[Preamble.Size];
        return !await line.TryReadAsync(bytes, cancellationToken).ConfigureAwait(false) ? "it ended before it said what it wants"
            : Preamble.Read(bytes) is not { } preamble ? "it does not speak this protocol"
            : await TryServeAsync(line, preamble, Preamble.IsReservedZero(bytes), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Answers a preamble.</summary>
    /// <returns>Why the socket was refused and is still the caller's, or <see langword="null"/>.</returns>
    private async ValueTask<string?> TryServeAsync(SocketLine line, Preamble preamble, bool isReservedZero, CancellationToken cancellationToken)
    {
        if (preamble.Version != Preamble.CurrentVersion)
        {
            return await RefuseAsync(line, Answer.UnknownVersion, cancellationToken).ConfigureAwait(false);
        }

        if (!isReservedZero || preamble.Purpose > (byte)ChannelPurpose.PluginUi)
        {
            return await RefuseAsync(line, Answer.BadRequest, cancellationToken).ConfigureAwait(false);
        }

        if (preamble.Purpose == (byte)ChannelPurpose.Control)
        {
            return preamble.Token != Guid.Empty || preamble.Request != 0
                ? await RefuseAsync(line, Answer.BadRequest, cancellationToken).ConfigureAwait(false)
                : await TryConnectAsync(line, cancellationToken).ConfigureAwait(false);
        }

        return _connections.TryGetValue(preamble.Token, out var connection)
            ? await TryJoinAsync(line, preamble, connection, cancellationToken).ConfigureAwait(false)
            : await RefuseAsync(line, Answer.UnknownToken, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<string?> TryConnectAsync(SocketLine line, CancellationToken cancellationToken)
    {
        var token = new Guid(RandomNumberGenerator.GetBytes(16));
        var control = ChannelFactory.Create(line, ChannelPurpose.Control, _settings);
        var connection = new AcceptedConnection(
            control, line.RemoteFingerprint, token, TcpEndPoints.ToUri(line.RemoteEndPoint!), _settings, closed => _connections.TryRemove(closed.Token, out _));
        _connections[token] = connection;
        if (!_waiting.Writer.TryWrite(connection))
        {
            _connections.TryRemove(token, out _);
            return await RefuseAsync(line, Answer.Busy, cancellationToken).ConfigureAwait(false);
        }

        TcpLog.Connected(_settings.Logger, connection.RemoteEndPoint, connection.Security, TcpLog.Short(connection.RemoteFingerprint));
        await StartAsync(line, control, token, connection.EndByPeer, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<string?> TryJoinAsync(SocketLine line, Preamble preamble, AcceptedConnection connection, CancellationToken cancellationToken)
    {
        if (line.RemoteFingerprint != connection.RemoteFingerprint)
        {
            return await RefuseAsync(line, Answer.OtherCertificate, cancellationToken).ConfigureAwait(false);
        }

        if (preamble.Purpose == Preamble.BackPurpose)
        {
            // The answer goes first: from then on this socket carries requests.
            await SocketIo.AnswerAsync(line, Answer.Accepted, Guid.Empty, cancellationToken).ConfigureAwait(false);
            return connection.TrySetBack(line) ? null : "its connection has a back channel already, or is closed";
        }

        var channel = ChannelFactory.Create(line, (ChannelPurpose)preamble.Purpose, _settings);
        if (!connection.TryTake(channel, preamble.Request))
        {
            return await RefuseAsync(line, preamble.Request == 0 ? Answer.Busy : Answer.BadRequest, cancellationToken).ConfigureAwait(false);
        }

        await StartAsync(line, channel, Guid.Empty, null, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Answers and starts a channel that somebody may hold already.</summary>
    private static async ValueTask StartAsync(SocketLine line, LineChannel channel, Guid token, Action? onPeerEnded, CancellationToken cancellationToken)
    {
        try
        {
            await SocketIo.AnswerAsync(line, Answer.Accepted, token, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException || TcpErrors.IsOfLine(exception))
        {
            channel.Drop(exception);
        }

        channel.Start(onPeerEnded);
    }

    private static async ValueTask<string?> RefuseAsync(SocketLine line, Answer answer, CancellationToken cancellationToken)
    {
        await SocketIo.AnswerAsync(line, answer, Guid.Empty, cancellationToken).ConfigureAwait(false);
        await line.EndAsync().ConfigureAwait(false);
        return answer.ToString();
    }
}
