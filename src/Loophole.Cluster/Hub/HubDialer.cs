using Loophole.Cluster.Control;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.State;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Hub;

/// <summary>Opens the host's connections to nodes; its own in-process node is dialled the same way, over the in-memory transport.</summary>
internal sealed class HubDialer(IClusterTransport network, IClusterTransport inProcess, Uri ownNode, NodeTrust? trust, ILoggerFactory loggers, TimeProvider time)
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Connects, presents the token, opens the audio link and the state channel.</summary>
    /// <exception cref="ControlException">The node cannot be reached or does not want us.</exception>
    public async Task<HubLink> DialAsync(ConnectNodeCommand node, CheckpointStore checkpoints, CancellationToken cancellationToken)
    {
        IClusterConnection? connection = null;
        try
        {
            connection = node.EndPoints.IsEmpty
                ? await inProcess.ConnectAsync(ownNode, cancellationToken).ConfigureAwait(false)
                : AdvertisedEndPoints.AreSane(node.EndPoints)
                    ? await PeerDialer.ConnectAsync(network, node.EndPoints, cancellationToken).ConfigureAwait(false)
                    : throw new TransportException(TransportError.BadEndPoint, "its endpoints are none.");
            Check(node, connection);
            var control = await HelloAsync(connection, node.Token, cancellationToken).ConfigureAwait(false);
            var link = await connection.OpenAudioLinkAsync(cancellationToken).ConfigureAwait(false);
            var state = new StateChannel(await connection.OpenChannelAsync(ChannelPurpose.State, cancellationToken).ConfigureAwait(false));
            await AwaitReadyAsync(state, cancellationToken).ConfigureAwait(false);
            return new HubLink(node, connection, control, link, state, checkpoints);
        }
        catch (Exception failure)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            if (failure is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            throw new ControlException("unreachable", $"The host cannot open audio to {node.Name}: {failure.Message}", innerException: failure);
        }
    }

    /// <summary>Goes on only with the very node that Pulse meant, over a connection that nobody else reads.</summary>
    private void Check(ConnectNodeCommand node, IClusterConnection connection)
    {
        if (connection.Security is not (TransportSecurity.SameMachine or TransportSecurity.MutualTls))
        {
            throw new TransportException(TransportError.Refused, "others may read this connection; none carries a session.");
        }

        if (connection.RemoteFingerprint != node.Fingerprint)
        {
            connection.Abort("Another node answered.");
            throw new TransportException(TransportError.Refused, $"another node answers at {connection.RemoteEndPoint}: its certificate is {connection.RemoteFingerprint?.Hex ?? "none"}, not {node.Fingerprint?.Hex ?? "none"}.");
        }

        if (trust is not null && connection.RemoteFingerprint is { } peer)
        {
            if (trust.Store.Current.Find(peer) is { State: PeerState.Revoked })
            {
                throw new TransportException(TransportError.Refused, "the host has revoked it.");
            }

            _ = CutWhenRevokedAsync(trust.Store, peer, connection);
        }
    }

    private static async Task CutWhenRevokedAsync(ITrustStore store, NodeFingerprint peer, IClusterConnection connection)
    {
        try
        {
            connection.Abort(await TrustWatch.UntilRevokedAsync(store, peer, connection.Closed).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (connection.Closed.IsCancellationRequested)
        {
            // Nothing left to cut.
        }
    }

    /// <summary>Waits until the node serves this host: what Pulse deploys there from now on finds it.</summary>
    private async Task AwaitReadyAsync(StateChannel state, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(ReadyDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        if (await state.ReceiveAsync(either.Token).ConfigureAwait(false) is not { IsReady: true })
        {
            throw new TransportException(TransportError.ProtocolViolation, "The node's first word on its state channel is not that it is ready.");
        }
    }

    private async Task<PipeControlChannel> HelloAsync(IClusterConnection connection, string token, CancellationToken cancellationToken)
    {
        // Lives as long as the connection; the node has nothing to ask the host.
        var control = new PipeControlChannel(connection.Control, new PipeControlChannelOptions { Party = Party.Signal }, loggers, time);
        _ = ReadAsync(control, connection.Closed);
        await control.RequestAsync(Party.Signal, "client", "hello", ClusterJson.ToElement(new HelloCommand(HelloCommand.CurrentProtocol, HelloCommand.HostRole, token)), cancellationToken).ConfigureAwait(false);
        return control;
    }

    private static async Task ReadAsync(PipeControlChannel control, CancellationToken closed)
    {
        // However it ends, requests fail with it, and the links of the connection tell the hub.
        await control.RunAsync(SilentControlHandler.Instance, closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
