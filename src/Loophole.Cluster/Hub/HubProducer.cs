using Loophole.Cluster.Links;

namespace Loophole.Cluster.Hub;

/// <summary>A subgraph's output on its node's link.</summary>
internal sealed class HubProducer(HubSubgraph subgraph, HubSignal signal, int streamId, long startFrame)
{
    private long _granted = startFrame;

    public HubSubgraph Subgraph => subgraph;

    public HubSignal Signal => signal;

    public int StreamId => streamId;

    /// <summary>What may still be sent, in frames. [any]</summary>
    public long CreditFrames => Math.Max(0, Volatile.Read(ref _granted) - signal.Ring.WriteFrame);

    /// <summary>Grants what became free, once that is worth a frame on the wire. [pump]</summary>
    public bool Grant(IAudioLink link)
    {
        var limit = signal.FreeAndLimit();
        if (limit - _granted < signal.Ring.CapacityFrames / 8)
        {
            return false;
        }

        Volatile.Write(ref _granted, limit);
        link.Grant(streamId, limit);
        return true;
    }
}
