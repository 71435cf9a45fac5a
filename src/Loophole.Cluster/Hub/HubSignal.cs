using System.Collections.Immutable;
using Loophole.Cluster.Links;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Hub;

/// <summary>A signal that crosses between subgraphs, as the host keeps it: what has arrived, for as long as a replay may need it again.</summary>
internal sealed class HubSignal(int id, FrameRing ring)
{
    private ImmutableArray<HubReader> _readers = [];

    public int Id => id;

    public FrameRing Ring => ring;

    public ImmutableArray<HubReader> Readers => _readers;

    /// <summary>Wakes the pump that grants credit to whoever makes this signal. Set when a producer is added. [control]</summary>
    public Action RingProducer { get; set; } = static () => { };

    /// <summary>Adds a reader in the place of an earlier one for the same subgraph, if there is one. [control]</summary>
    public void Replace(HubReader reader) =>
        _readers = [.. _readers.Where(other => other.SubgraphId != reader.SubgraphId), reader];

    /// <summary>Takes a block. Frames that are here already (a replay repeats them, bit for bit) are skipped. [receiver of the producer's link]</summary>
    /// <returns>Whether anything was new.</returns>
    public bool Write(in AudioBlock block)
    {
        var start = block.Header.StartFrame;
        var end = start + block.Header.FrameCount;
        var frame = Math.Max(start, ring.WriteFrame);
        if (frame >= end)
        {
            return false;
        }

        while (frame < end)
        {
            var piece = ring.Contiguous(frame, end - frame);
            block.CopyTo((int)(frame - start) * ring.AudioChannels, ring.Memory(frame, piece).Span);
            frame += piece;
        }

        ring.Publish(end);
        return true;
    }

    /// <summary>Frees what no reader can need again, and says up to where may be written. [pump of the producer's link]</summary>
    public long FreeAndLimit()
    {
        var needed = long.MaxValue;
        foreach (var reader in _readers)
        {
            needed = Math.Min(needed, reader.Released);
        }

        ring.Release(Math.Min(needed, ring.WriteFrame));
        return ring.WriteLimit;
    }
}
