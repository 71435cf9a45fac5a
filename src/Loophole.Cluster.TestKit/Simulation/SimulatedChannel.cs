using System.IO.Pipelines;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>One end of a channel over a simulated wire.</summary>
internal sealed class SimulatedChannel(IDuplexPipe pipe, ChannelPurpose purpose, Action onAborted) : PipeClusterChannel(pipe, purpose)
{
    private ImpairedFlow? _incoming;
    private int _hasReset;

    /// <summary>The flow that fills this end's input. Set before anybody sees the channel.</summary>
    public void Attach(ImpairedFlow incoming) => _incoming = incoming;

    /// <summary>Tells, once, that this end was aborted: by its user, or by completing its pipe with an error.</summary>
    public void TellAborted()
    {
        if (Interlocked.Exchange(ref _hasReset, 1) == 0)
        {
            onAborted();
        }
    }

    /// <summary>The peer's abort has arrived. Runs on the pool: a caller may hold locks of another channel.</summary>
    public void FailSoon(string reason) => ThreadPool.UnsafeQueueUserWorkItem(
        static failing => failing.Channel.Fail(new TransportException(TransportError.PeerReset, failing.Reason)), (Channel: this, Reason: reason), preferLocal: false);

    protected override void OnFailed(TransportException cause)
    {
        TellAborted();
        _incoming?.EndDestination();
    }

    protected override ValueTask OnDisposedAsync()
    {
        _incoming?.EndDestination();
        return default;
    }
}
