using Loophole.Cluster.Links;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Hub;

/// <summary>A subgraph's input on its node's link.</summary>
internal sealed class HubConsumer(string subgraphId, HubSignal signal, int streamId, long startFrame, int blockFrames, LinkPump pump, LinkMeter meter)
    : HubReader(subgraphId, startFrame, pump.Ring), ILinkSource
{
    /// <summary>Credits that may come before anything is sent.</summary>
    private const int CreditsAhead = 64;

    private long _sent = startFrame;
    private long _creditsLeft = CreditsAhead - startFrame;
    private volatile bool _isRetired;

    public HubSignal Signal => signal;

    public int StreamId => streamId;

    /// <summary>Writes nothing any more: its stream is about to be closed. [control]</summary>
    public void Retire() => _isRetired = true;

    /// <summary>Whether what is made of it is waited for in real time. [any]</summary>
    public bool IsRealTime { get; private set; }

    /// <summary>Takes note of a credit. [receiver]</summary>
    /// <returns>Whether that can be: credit is for frames that came, so there is none more often than frames were sent.</returns>
    public bool CountCredit() => --_creditsLeft + Volatile.Read(ref _sent) >= 0;

    public override void Push(bool inRealTime)
    {
        IsRealTime = inRealTime;
        pump.Send(this);
    }

    public bool Write(IAudioLink link, ref int budgetBytes)
    {
        var start = _sent;
        for (var available = signal.Ring.WriteFrame - _sent; available > 0 && budgetBytes > 0 && !_isRetired; available = signal.Ring.WriteFrame - _sent)
        {
            var frames = signal.Ring.Contiguous(_sent, Math.Min(available, blockFrames - (_sent % blockFrames)));
            var samples = signal.Ring.Memory(_sent, frames).Span;
            if (!link.TrySend(streamId, _sent, samples))
            {
                break;
            }

            meter.Send(samples.Length);
            _sent += frames;
            budgetBytes -= samples.Length * sizeof(float);
        }

        return _sent > start;
    }
}
