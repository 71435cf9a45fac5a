using Loophole.Cluster.Links;

namespace Loophole.Cluster.Hub;

/// <summary>A subgraph's input on its node's link.</summary>
internal sealed class HubConsumer(string subgraphId, HubSignal signal, int streamId, long startFrame, int blockFrames, Action ring)
    : HubReader(subgraphId, startFrame, ring)
{
    private long _sent = startFrame;

    public HubSignal Signal => signal;

    public int StreamId => streamId;

    /// <summary>Writes what is there into the link, as far as its credit and the budget go. [pump]</summary>
    public bool Send(IAudioLink link, ref int budgetBytes)
    {
        var start = _sent;
        for (var available = signal.Ring.WriteFrame - _sent; available > 0 && budgetBytes > 0; available = signal.Ring.WriteFrame - _sent)
        {
            var frames = signal.Ring.Contiguous(_sent, Math.Min(available, blockFrames - (_sent % blockFrames)));
            var samples = signal.Ring.Memory(_sent, frames).Span;
            if (!link.TrySend(streamId, _sent, samples))
            {
                break;
            }

            _sent += frames;
            budgetBytes -= samples.Length * sizeof(float);
        }

        return _sent > start;
    }
}
