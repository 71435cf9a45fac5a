using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>The one place that decides what kind of channel a purpose gets.</summary>
internal static class ChannelFactory
{
    /// <summary>Makes a channel that is not started yet and owns the line.</summary>
    public static LineChannel Create(SocketLine line, ChannelPurpose purpose, TcpSettings settings) =>
        new TcpChannel(line, settings.NewPipe(purpose), purpose, settings);
}
