using Loophole.Cluster.Links;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Hub;

/// <summary>A signal that crosses between subgraphs, as the host keeps it: what has arrived, for as long as a replay may need it again.</summary>
/// <param name="id">The signal.</param>
/// <param name="ring">What has arrived.</param>
/// <param name="playhead">Where the session is; <see langword="null"/> when nothing of it is ever due.</param>
/// <param name="delayFrames">So much later than it is made for it is heard; 0 but for what comes out of an insert.</param>
internal sealed class HubSignal(int id, FrameRing ring, HubPlayhead? playhead = null, int delayFrames = 0)
{
    // Between whoever makes the signal, cuts it, or changes who reads it; readers take no lock.
    private readonly Lock _writing = new();
    private volatile HubReader[] _readers = [];
    private HubProducer? _producer;

    public int Id => id;

    public FrameRing Ring => ring;

    public HubReader[] Readers => _readers;

    /// <summary>What of it was not there when it was heard. [any]</summary>
    public GapTrail Gaps { get; } = new();

    /// <summary>What it can be ahead by, in frames: the lead, or an insert's budget. [any]</summary>
    public int MostAhead => delayFrames > 0 ? delayFrames : playhead?.LeadFrames ?? 0;

    /// <summary>The render frame that is due next; 0 before anything is. [any]</summary>
    public long PlayheadFrame => playhead?.Frame ?? 0;

    /// <summary>How far a frame of it is ahead of when it has to be there; <see langword="null"/> when nothing is due yet. [any]</summary>
    public long? AheadOf(long frame) => frame + delayFrames - playhead?.Frame;

    /// <summary>Wakes the pump that grants credit to whoever makes this signal. [any]</summary>
    public Action RingProducer { get; private set; } = static () => { };

    /// <summary>Adds a reader in the place of an earlier one for the same subgraph, if there is one. [control]</summary>
    public void Replace(HubReader reader)
    {
        lock (_writing)
        {
            _readers = [.. _readers.Where(other => other.SubgraphId != reader.SubgraphId), reader];
        }
    }

    /// <summary>Adds a reader beside all others. [control]</summary>
    public void Add(HubReader reader)
    {
        lock (_writing)
        {
            _readers = [.. _readers, reader];
        }
    }

    /// <summary>Somebody reads it no more. [control, turn thread]</summary>
    public void Remove(HubReader reader)
    {
        lock (_writing)
        {
            _readers = [.. _readers.Where(other => other != reader)];
        }
    }

    /// <summary>A subgraph reads it no more. [control]</summary>
    public void Remove(string subgraphId)
    {
        lock (_writing)
        {
            _readers = [.. _readers.Where(other => other.SubgraphId != subgraphId)];
        }
    }

    /// <summary>Lets it begin at a frame, if nothing of it was ever made. [control, turn thread]</summary>
    public void BeginAt(long frame)
    {
        lock (_writing)
        {
            if (ring.WriteFrame == 0)
            {
                ring.BeginAt(frame);
            }
        }
    }

    /// <summary>Takes what the host itself has made of it, as far as there is room; what is here already is the same. [turn thread]</summary>
    /// <param name="made">Holds it.</param>
    /// <returns>The frame up to which it is taken.</returns>
    public long Fill(FrameRing made)
    {
        var start = made.ReleaseFrame;
        var end = Math.Min(made.WriteFrame, FreeAndLimit());
        lock (_writing)
        {
            ring.CopyFrom(made, start, end);
        }

        foreach (var reader in _readers)
        {
            reader.Ring();
        }

        return Math.Max(start, end);
    }

    /// <summary>From now on the signal is made by this one, and by no other. [control]</summary>
    public void Assign(HubProducer producer, Action ringProducer)
    {
        lock (_writing)
        {
            _producer = producer;
        }

        RingProducer = ringProducer;
    }

    /// <summary>Takes what was made from a frame on back, and hears nobody until somebody is assigned. No reader is beyond the frame, nor gets there meanwhile. [control]</summary>
    public void Cut(long frame)
    {
        lock (_writing)
        {
            _producer = null;
            ring.Rewind(frame);
        }
    }

    /// <summary>Takes a block. Frames that are here already (a replay repeats them, bit for bit) are skipped. [receiver of the producer's link]</summary>
    /// <returns>Whether anything was new.</returns>
    public bool Write(HubProducer producer, in AudioBlock block)
    {
        lock (_writing)
        {
            return producer == _producer && Write(block);
        }
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

    private bool Write(in AudioBlock block)
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
}
