using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Tcp.Sockets;
using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tcp.Connections;

/// <summary>Opens greeted lines to one peer. The first finds the peer; all further ones go to the address that answered, and to nobody else there.</summary>
internal sealed class TcpDialer(TcpSettings settings, Uri remote)
{
    private IPEndPoint? _answered;
    private NodeFingerprint? _peer;
    private ConnectionKey? _key;
    private uint _lastNumber;

    /// <summary>Makes the line of the control channel, and with it the connection. Called once, first.</summary>
    /// <returns>The line, the caller's.</returns>
    /// <exception cref="TransportException">Nobody answers in time, or the peer refuses.</exception>
    public ValueTask<SocketLine> ConnectAsync(CancellationToken cancellationToken) =>
        DialAsync(new Preamble(Preamble.CurrentVersion, (byte)ChannelPurpose.Control, Guid.Empty, 0, 0), cancellationToken);

    /// <summary>Makes one more line of the connection.</summary>
    /// <returns>The line, the caller's.</returns>
    /// <exception cref="TransportException">Nobody answers in time, or the peer refuses.</exception>
    public ValueTask<SocketLine> JoinAsync(byte purpose, uint request, CancellationToken cancellationToken) =>
        DialAsync(new Preamble(Preamble.CurrentVersion, purpose, _key!.Id, request, Interlocked.Increment(ref _lastNumber)), cancellationToken);

    private async ValueTask<SocketLine> DialAsync(Preamble preamble, CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(settings.Options.ConnectTimeout, settings.Time, cancellationToken);
        SocketLine? line = null;
        try
        {
            line = await ReachAsync(preamble.Purpose == (byte)ChannelPurpose.Audio, deadline.Token).ConfigureAwait(false);
            await SecureAsync(line, deadline.Token).ConfigureAwait(false);
            await GreetAsync(line, preamble, deadline.Token).ConfigureAwait(false);
            var connected = line;
            line = null;
            return connected;
        }
        catch (OperationCanceledException canceled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TransportException(TransportError.Unreachable, $"{remote} did not answer in {settings.Options.ConnectTimeout}.", canceled);
        }
        catch (Exception exception) when (exception is not TransportException && TcpErrors.IsOfLine(exception))
        {
            // A reset is somebody's answer, even when it comes as fast as the connection itself.
            throw line is null && exception is not SocketException { SocketErrorCode: SocketError.ConnectionReset }
                ? new TransportException(TransportError.Unreachable, $"Nobody answers at {remote}: {exception.Message}.", exception)
                : Ended(exception);
        }
        catch (TransportException exception) when (exception.Error == TransportError.PeerReset)
        {
            throw Ended(exception);
        }
        finally
        {
            line?.Reset();
        }
    }

    private TransportException Ended(Exception? exception) => new(
        TransportError.Refused,
        settings.Credentials is null
            ? $"{remote} ended the connection without an answer; maybe it speaks TLS only."
            : $"{remote} ended the connection after the TLS handshake; most likely it refuses this node's certificate.",
        exception);

    private async ValueTask<SocketLine> ReachAsync(bool isQuiet, CancellationToken cancellationToken)
    {
        var addresses = _answered is { } known ? [known] : await TcpEndPoints.ResolveAsync(remote, settings.Security, cancellationToken).ConfigureAwait(false);
        for (var i = 0; ; i++)
        {
            // An address that swallows everything may use up its share of the time, not that of the others.
            using var share = new Deadline(settings.Options.ConnectTimeout / addresses.Length, settings.Time, cancellationToken);
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                settings.Configure(socket);
                var line = new SocketLine(socket) { IsQuiet = isQuiet };
                await line.ConnectAsync(addresses[i], share.Token).ConfigureAwait(false);
                _answered = addresses[i];
                return line;
            }
            catch (Exception exception) when (i + 1 < addresses.Length && !cancellationToken.IsCancellationRequested
                && exception is SocketException or OperationCanceledException)
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

    private async ValueTask SecureAsync(SocketLine line, CancellationToken cancellationToken)
    {
        if (settings.Credentials is not { } credentials)
        {
            return;
        }

        if (await TlsHandshake.ConnectAsync(line, credentials, settings.Time, cancellationToken).ConfigureAwait(false) is { } fault)
        {
            throw new TransportException(fault.Error, $"{remote}: {fault.Reason}.", fault.Cause);
        }

        if (_peer is not null && line.RemoteFingerprint != _peer)
        {
            throw new TransportException(TransportError.ProtocolViolation, $"{remote} presents another certificate than on its control channel.");
        }
    }

    /// <summary>Says what a line is for and waits for the peer's consent.</summary>
    private async ValueTask GreetAsync(SocketLine line, Preamble preamble, CancellationToken cancellationToken)
    {
        var bytes = new byte[Preamble.Size];
        preamble.Write(bytes);
        _key?.Sign(bytes);
        await line.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        await ReadAsync(line, bytes.AsMemory(0, PreambleAnswer.Size), cancellationToken).ConfigureAwait(false);
        var answer = PreambleAnswer.Read(bytes) ?? throw new TransportException(TransportError.ProtocolViolation, $"{remote} does not speak this protocol.");
        if (answer is { Version: not Preamble.CurrentVersion } or { Answer: Answer.UnknownVersion })
        {
            throw new TransportException(TransportError.ProtocolViolation, $"{remote} speaks version {answer.Version}, not {Preamble.CurrentVersion}.");
        }

        if (answer.Answer != Answer.Accepted)
        {
            throw new TransportException(TransportError.Refused, $"{remote} refused: {answer.Answer.Reason()}.");
        }

        if (_key is null)
        {
            var key = new byte[ConnectionKey.Size];
            await ReadAsync(line, key, cancellationToken).ConfigureAwait(false);
            settings.ConfigureControl(line.Socket);
            (_key, _peer) = (ConnectionKey.Read(key), line.RemoteFingerprint);
        }
    }

    private async ValueTask ReadAsync(SocketLine line, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!await line.TryReadAsync(bytes, cancellationToken).ConfigureAwait(false))
        {
            throw Ended(null);
        }
    }
}
