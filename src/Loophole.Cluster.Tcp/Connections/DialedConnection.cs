using Loophole.Cluster.Protocol;
using Loophole.Cluster.Tcp.Sockets;
using Loophole.Cluster.Tcp.Telemetry;
using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tcp.Connections;

/// <summary>The side that dialled. It opens every socket, those that the peer asks for included.</summary>
internal sealed class DialedConnection : PipeClusterConnection
{
    private readonly TcpSettings _settings;
    private readonly TcpDialer _dialer;
    private readonly SocketLine _back;

    private DialedConnection(LineChannel control, NodeFingerprint? peer, SocketLine back, TcpDialer dialer, Uri remote, TcpSettings settings)
        : base(control, remote, settings.Security, peer, null, settings.LoggerFactory)
    {
        _settings = settings;
        _dialer = dialer;
        _back = back;
    }

    public static async ValueTask<DialedConnection> ConnectAsync(TcpDialer dialer, Uri remote, TcpSettings settings, CancellationToken cancellationToken)
    {
        var control = await dialer.ConnectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var back = await dialer.JoinAsync(Preamble.BackPurpose, 0, cancellationToken).ConfigureAwait(false);
            var channel = ChannelFactory.Create(control, ChannelPurpose.Control, settings);
            var connection = new DialedConnection(channel, control.RemoteFingerprint, back, dialer, remote, settings);
            TcpLog.Connected(settings.Logger, remote, settings.Security, TcpLog.Short(control.RemoteFingerprint));
            channel.Start(connection.OnPeerClosed);
            _ = connection.ServeBackRequestsAsync();
            return connection;
        }
        catch
        {
            control.Reset();
            throw;
        }
    }

    protected override ValueTask<PipeClusterChannel> OpenPipeAsync(ChannelPurpose purpose, CancellationToken cancellationToken) =>
        OpenAsync(purpose, 0, cancellationToken);

    protected override void OnClosed() => _back.Dispose();

    private async ValueTask<PipeClusterChannel> OpenAsync(ChannelPurpose purpose, uint request, CancellationToken cancellationToken)
    {
        var line = await _dialer.JoinAsync((byte)purpose, request, cancellationToken).ConfigureAwait(false);
        var channel = ChannelFactory.Create(line, purpose, _settings);
        channel.Start();
        return channel;
    }

    private async Task ServeBackRequestsAsync()
    {
        var bytes = new byte[BackRequest.Size];
        try
        {
            while (await _back.TryReadAsync(bytes, CancellationToken.None).ConfigureAwait(false))
            {
                await ServeAsync(BackRequest.Read(bytes)).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (TcpErrors.IsOfLine(exception))
        {
            // The control channel tells why.
        }
    }

    private async ValueTask ServeAsync(BackRequest request)
    {
        try
        {
            var channel = await OpenAsync((ChannelPurpose)request.Purpose, request.Number, Closed).ConfigureAwait(false);
            if (!TryAccept(channel))
            {
                channel.Abort("It was refused.");
                await channel.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is TransportException or OperationCanceledException)
        {
            TcpLog.BackRequestFailed(_settings.Logger, RemoteEndPoint, exception);
        }
    }
}
