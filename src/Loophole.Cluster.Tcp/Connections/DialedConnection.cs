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
    private readonly Guid _token;
    private readonly SocketLine _back;

    private DialedConnection(LineChannel control, NodeFingerprint? peer, SocketLine back, Guid token, TcpDialer dialer, Uri remote, TcpSettings settings)
        : base(control, remote, settings.Security, peer, null, settings.LoggerFactory)
    {
        _settings = settings;
        _dialer = dialer;
        _token = token;
        _back = back;
    }

    public static async ValueTask<DialedConnection> ConnectAsync(TcpDialer dialer, Uri remote, TcpSettings settings, CancellationToken cancellationToken)
    {
        var (control, token) = await dialer.DialAsync(
            new Preamble(Preamble.CurrentVersion, (byte)ChannelPurpose.Control, Guid.Empty, 0), cancellationToken).ConfigureAwait(false);
        try
        {
            var (back, _) = await dialer.DialAsync(
                new Preamble(Preamble.CurrentVersion, Preamble.BackPurpose, token, 0), cancellationToken).ConfigureAwait(false);
            var channel = ChannelFactory.Create(control, ChannelPurpose.Control, settings);
            var connection = new DialedConnection(channel, control.RemoteFingerprint, back, token, dialer, remote, settings);
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
        var (line, _) = await _dialer.DialAsync(new Preamble(Preamble.CurrentVersion, (byte)purpose, _token, request), cancellationToken).ConfigureAwait(false);
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
