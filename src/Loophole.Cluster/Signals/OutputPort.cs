using Loophole.Cluster.Links;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Signals;

/// <summary>An output of a running subgraph: a render thread fills it, the link's pump empties it.</summary>
internal sealed class OutputPort(int streamId, FrameRing ring, int blockFrames)
{
    public int StreamId => streamId;

    public FrameRing Ring => ring;

    /// <summary>Writes what is there into the link, as far as its credit and the caller's budget go. [pump]</summary>
    /// <param name="link">The link.</param>
    /// <param name="budgetBytes">Reduced by what was written.</param>
    /// <returns>Whether anything was written.</returns>
    public bool Send(IAudioLink link, ref int budgetBytes)
    {
        var sent = ring.ReleaseFrame;
        var start = sent;
        for (var available = ring.WriteFrame - sent; available > 0 && budgetBytes > 0; available = ring.WriteFrame - sent)
        {
            var frames = (int)Math.Min(available, blockFrames - (sent % blockFrames));
            var samples = ring.Memory(sent, frames).Span;
            if (!link.TrySend(streamId, sent, samples))
            {
                break;
            }

            sent += frames;
            budgetBytes -= samples.Length * sizeof(float);
            ring.Release(sent);
        }

        return sent > start;
    }
}
