using System.Net;
using System.Net.Quic;
using System.Runtime.Versioning;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Quic.Streams;
using Loophole.Cluster.Quic.Wire;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Quic.Connections;

/// <summary>Makes the two QUIC connections to a peer.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class QuicDialer(QuicSettings settings, Uri remote)
{
    /// <summary>Connects.</summary>
    /// <returns>The connection, the caller's.</returns>
    /// <exception cref="TransportException">Nobody answers in time, or the peer refuses.</exception>
    public async ValueTask<QuicPeerConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        using var deadline = new Deadline(settings.Options.ConnectTimeout, settings.Time, cancellationToken);
        try
        {
            return await ConnectBothAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException canceled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new TransportException(TransportError.Unreachable, $"{remote} did not answer in {settings.Options.ConnectTimeout}.", canceled);
        }
    }

    private async ValueTask<QuicPeerConnection> ConnectBothAsync(CancellationToken cancellationToken)
    {
        var (main, peer) = await DialAnyAsync(await QuicEndPoints.ResolveAsync(remote, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        QuicPeerConnection? connection = null;
        try
        {
            var (control, secret) = await Greeting.OpenAsync(main, new Hello((byte)ChannelPurpose.Control), cancellationToken).ConfigureAwait(false);
            connection = new QuicPeerConnection(main, control, secret, isAnswered: true, remote, peer, settings);
            connection.Start();
            var bulk = await DialBulkAsync(main.RemoteEndPoint, peer, secret, cancellationToken).ConfigureAwait(false);
            if (!connection.TrySetBulk(bulk))
            {
                await QuicPeerConnection.DropAsync(bulk, CloseCode.Aborted).ConfigureAwait(false);
                throw new TransportException(TransportError.PeerReset, $"{remote} ended the connection at once.");
            }

            return connection;
        }
        catch
        {
            if (connection is null)
            {
                _ = QuicPeerConnection.DropAsync(main, CloseCode.Aborted).AsTask();
            }
            else
            {
                connection.Abort("The connection for bulk could not be made.");
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private async ValueTask<QuicConnection> DialBulkAsync(IPEndPoint endPoint, NodeFingerprint peer, Guid secret, CancellationToken cancellationToken)
    {
        var (bulk, same) = await DialAsync(endPoint, cancellationToken).ConfigureAwait(false);
        try
        {
            if (same != peer)
            {
                throw new TransportException(TransportError.ProtocolViolation, $"Somebody else than before answers at {remote}.");
            }

            var (stream, _) = await Greeting.OpenAsync(bulk, new Hello(Hello.BulkPurpose, secret), cancellationToken).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
            return bulk;
        }
        catch
        {
            _ = QuicPeerConnection.DropAsync(bulk, CloseCode.Aborted).AsTask();
            throw;
        }
    }

    private async ValueTask<(QuicConnection Connection, NodeFingerprint Peer)> DialAnyAsync(IPEndPoint[] addresses, CancellationToken cancellationToken)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                return await DialAsync(addresses[i], cancellationToken).ConfigureAwait(false);
            }
            catch (TransportException exception) when (exception.Error == TransportError.Unreachable && i + 1 < addresses.Length)
            {
                // The next address may be the one.
            }
        }
    }

    private async ValueTask<(QuicConnection Connection, NodeFingerprint Peer)> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var check = new PeerCertificateCheck(settings.Time);
        try
        {
            var connection = await QuicConnection.ConnectAsync(settings.ClientOptions(address, check), cancellationToken).ConfigureAwait(false);
            return (connection, check.Fingerprint!.Value);
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
        {
            throw QuicErrors.OfConnecting(exception, remote, check.Fault);
        }
    }
}
