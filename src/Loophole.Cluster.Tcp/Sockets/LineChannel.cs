using System.IO.Pipelines;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>A channel over one line, which it owns.</summary>
internal abstract class LineChannel(SocketLine line, IDuplexPipe pipe, ChannelPurpose purpose) : PipeClusterChannel(pipe, purpose)
{
    protected SocketLine Line => line;

    /// <summary>Starts moving bytes. Called once, before anybody can dispose the channel.</summary>
    /// <param name="onPeerEnded">Called when the peer has ended its side in good order.</param>
    public abstract void Start(Action? onPeerEnded = null);

    /// <summary>Ends a channel of which the greeting could not be finished.</summary>
    public void Drop(Exception cause) => Fail(TcpErrors.OfChannel(cause));

    protected override void OnFailed(TransportException cause) => line.Reset();
}
