using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>One end of a connection over a simulated network.</summary>
internal sealed class SimulatedConnection : PipeClusterConnection
{
    private readonly SimulatedWire _wire;
    private int _isClosed;

    public SimulatedConnection(SimulatedWire wire, SimulatedChannel control, Uri remote)
        : base(control, remote, TransportSecurity.SameMachine) => _wire = wire;

    /// <summary>Takes a channel that the peer's request brought.</summary>
    public bool TryTake(SimulatedChannel channel) => TryAccept(channel);

    /// <summary>The peer's end of the control channel has arrived.</summary>
    public void EndByPeer() => OnPeerClosed();

    /// <summary>The network lost the connection. Runs on the pool: a caller may hold locks of a channel.</summary>
    public void LoseSoon(string reason) => ThreadPool.UnsafeQueueUserWorkItem(
        static losing => losing.Connection.OnLost(new TransportException(TransportError.PeerReset, losing.Reason)), (Connection: this, Reason: reason), preferLocal: false);

    protected override ValueTask<PipeClusterChannel> OpenPipeAsync(ChannelPurpose purpose, CancellationToken cancellationToken) =>
        _wire.OpenAsync(this, purpose, cancellationToken);

    protected override void OnClosed()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _wire.EndOne();
        }
    }
}
