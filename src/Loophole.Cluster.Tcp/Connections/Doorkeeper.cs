using System.Collections.Concurrent;
using Loophole.Cluster.Tcp.Sockets;
using Loophole.Cluster.Tcp.Telemetry;
using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Connections;

/// <summary>Hears what a line is for and gives it to the connection it belongs to, or makes one of it.</summary>
/// <param name="settings">The settings.</param>
/// <param name="tryOffer">Takes a new connection, unless too many wait.</param>
internal sealed class Doorkeeper(TcpSettings settings, Func<AcceptedConnection, bool> tryOffer)
{
    private readonly ConcurrentDictionary<Guid, AcceptedConnection> _connections = new();

    /// <summary>Connections that are open.</summary>
    public int Connections => _connections.Count;

    /// <summary>Secures a line, reads its preamble and answers it.</summary>
    /// <returns>Why the line was refused and is still the caller's, or <see langword="null"/>.</returns>
    public async ValueTask<string?> TryAdmitAsync(SocketLine line, CancellationToken cancellationToken)
    {
        // It may become an audio channel's, but only where there is a connection already.
        line.IsQuiet = !_connections.IsEmpty;
        if (settings.Credentials is { } credentials
            && await TlsHandshake.AcceptAsync(line, credentials, settings.Time, cancellationToken).ConfigureAwait(false) is { } fault)
        {
            return fault.Reason;
        }

        var bytes = new byte[Preamble.Size];
        if (!await line.TryReadAsync(bytes.AsMemory(0, Preamble.HeadSize), cancellationToken).ConfigureAwait(false))
        {
            return "it ended before it said what it wants";
        }

        if (!bytes.AsSpan().StartsWith(Preamble.Magic))
        {
            return LineStream.IsTls(bytes[0]) ? "it speaks TLS, and this listener does not" : "it does not speak this protocol";
        }

        if (bytes[4] != Preamble.CurrentVersion)
        {
            return await RefuseAsync(line, Answer.UnknownVersion, cancellationToken).ConfigureAwait(false);
        }

        return await line.TryReadAsync(bytes.AsMemory(Preamble.HeadSize), cancellationToken).ConfigureAwait(false)
            ? await TryServeAsync(line, bytes, cancellationToken).ConfigureAwait(false)
            : "it ended before it said what it wants";
    }

    private async ValueTask<string?> TryServeAsync(SocketLine line, byte[] bytes, CancellationToken cancellationToken)
    {
        var preamble = Preamble.Read(bytes);
        line.IsQuiet &= preamble.Purpose == (byte)ChannelPurpose.Audio;
        if (!Preamble.IsReservedZero(bytes) || (preamble.Purpose != Preamble.BackPurpose && !Enum.IsDefined((ChannelPurpose)preamble.Purpose)))
        {
            return await RefuseAsync(line, Answer.BadRequest, cancellationToken).ConfigureAwait(false);
        }

        if (preamble.Purpose == (byte)ChannelPurpose.Control)
        {
            return bytes.AsSpan(Preamble.HeadSize).ContainsAnyExcept((byte)0)
                ? await RefuseAsync(line, Answer.BadRequest, cancellationToken).ConfigureAwait(false)
                : await TryConnectAsync(line, cancellationToken).ConfigureAwait(false);
        }

        if (!_connections.TryGetValue(preamble.Connection, out var connection))
        {
            return await RefuseAsync(line, Answer.UnknownConnection, cancellationToken).ConfigureAwait(false);
        }

        var answer = connection.Check(line, bytes, preamble.Number);
        return answer == Answer.Accepted
            ? await TryJoinAsync(line, preamble, connection, cancellationToken).ConfigureAwait(false)
            : await RefuseAsync(line, answer, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<string?> TryConnectAsync(SocketLine line, CancellationToken cancellationToken)
    {
        settings.ConfigureControl(line.Socket);
        var key = ConnectionKey.Create();
        var control = ChannelFactory.Create(line, ChannelPurpose.Control, settings);
        var connection = new AcceptedConnection(control, line, key, settings, closed => _connections.TryRemove(closed.Id, out _));
        _connections[key.Id] = connection;
        if (!tryOffer(connection))
        {
            _connections.TryRemove(key.Id, out _);
            return await RefuseAsync(line, Answer.Busy, cancellationToken).ConfigureAwait(false);
        }

        TcpLog.Connected(settings.Logger, connection.RemoteEndPoint, connection.Security, TcpLog.Short(connection.RemoteFingerprint));
        await StartAsync(line, control, key, connection.EndByPeer, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<string?> TryJoinAsync(SocketLine line, Preamble preamble, AcceptedConnection connection, CancellationToken cancellationToken)
    {
        if (preamble.Purpose == Preamble.BackPurpose)
        {
            // The answer goes first: from then on this socket carries requests.
            await AnswerAsync(line, Answer.Accepted, null, cancellationToken).ConfigureAwait(false);
            return connection.TrySetBack(line) ? null : "its connection has a back channel already, or is closed";
        }

        var channel = ChannelFactory.Create(line, (ChannelPurpose)preamble.Purpose, settings);
        if (!connection.TryTake(channel, preamble.Request))
        {
            return await RefuseAsync(line, preamble.Request == 0 ? Answer.Busy : Answer.BadRequest, cancellationToken).ConfigureAwait(false);
        }

        await StartAsync(line, channel, null, null, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Answers and starts a channel that somebody may hold already.</summary>
    private static async ValueTask StartAsync(SocketLine line, LineChannel channel, ConnectionKey? key, Action? onPeerEnded, CancellationToken cancellationToken)
    {
        try
        {
            await AnswerAsync(line, Answer.Accepted, key, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException || TcpErrors.IsOfLine(exception))
        {
            channel.Drop(exception);
        }

        channel.Start(onPeerEnded);
    }

    private static async ValueTask<string> RefuseAsync(SocketLine line, Answer answer, CancellationToken cancellationToken)
    {
        await AnswerAsync(line, answer, null, cancellationToken).ConfigureAwait(false);
        await line.EndAsync().ConfigureAwait(false);
        return answer.Reason();
    }

    private static ValueTask AnswerAsync(SocketLine line, Answer answer, ConnectionKey? key, CancellationToken cancellationToken)
    {
        var bytes = new byte[PreambleAnswer.Size + (key is null ? 0 : ConnectionKey.Size)];
        new PreambleAnswer(Preamble.CurrentVersion, answer).Write(bytes);
        key?.Write(bytes.AsSpan(PreambleAnswer.Size));
        return line.WriteAsync(bytes, cancellationToken);
    }
}
