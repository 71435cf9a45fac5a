using Loophole.Cluster.Links;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Signals;

/// <summary>An input of a running subgraph: the link's receiver fills it, a render thread empties it, the link's pump grants what is free.</summary>
internal sealed class InputPort(int streamId, bool isOfInsert, FrameRing ring)
{
    private long _granted = ring.ReleaseFrame;

    public int StreamId => streamId;

    /// <summary>Whether what is live waits for what is made of it.</summary>
    public bool IsOfInsert => isOfInsert;

    public FrameRing Ring => ring;

    /// <summary>Takes a block. The link has checked that it is the next one and within the credit. [receiver]</summary>
    public void Write(in AudioBlock block)
    {
        var frame = block.Header.StartFrame;
        var end = frame + block.Header.FrameCount;
        for (var taken = 0; frame < end;)
        {
            var piece = ring.Contiguous(frame, end - frame);
            block.CopyTo(taken * ring.AudioChannels, ring.Memory(frame, piece).Span);
            frame += piece;
            taken += piece;
        }

        ring.Publish(end);
    }

    /// <summary>Grants what became free, once that is worth a frame on the wire. [pump]</summary>
    public bool Grant(IAudioLink link)
    {
        var limit = ring.WriteLimit;
        if (limit - _granted < ring.CapacityFrames / 4)
        {
            return false;
        }

        _granted = limit;
        link.Grant(streamId, limit);
        return true;
    }
}
