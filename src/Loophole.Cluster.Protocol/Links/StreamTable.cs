using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>The streams of one end of a link, and every rule about them. Safe from any thread.</summary>
/// <remarks>A closed stream keeps its entry, so that late blocks of it can be told from blocks of a stream that never was.</remarks>
internal sealed class StreamTable(int maxEarlyCredits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Entry> _entries = [];
    private readonly Dictionary<int, (int Epoch, long Limit)> _earlyCredits = [];

    public void Open(in AudioStream stream, StreamDirection direction)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(stream.Id, out var entry))
            {
                _entries[stream.Id] = entry = new Entry();
            }
            else if (stream.Epoch <= entry.Stream.Epoch)
            {
                throw new ArgumentOutOfRangeException(nameof(stream), stream.Epoch, $"The epoch must be larger than {entry.Stream.Epoch}.");
            }

            entry.Stream = stream;
            entry.Direction = direction;
            entry.IsOpen = true;
            entry.NextFrame = stream.StartFrame;
            entry.Limit = stream.StartFrame;
            entry.Sequence = 0;
            if (_earlyCredits.TryGetValue(stream.Id, out var early) && early.Epoch <= stream.Epoch)
            {
                _earlyCredits.Remove(stream.Id);
                if (early.Epoch == stream.Epoch && direction == StreamDirection.Send)
                {
                    entry.Limit = Math.Max(entry.Limit, early.Limit);
                }
            }
        }
    }

    public void Close(int streamId)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(streamId, out var entry))
            {
                entry.IsOpen = false;
            }
        }
    }

    /// <summary>Takes the place of the next block of a stream, when it lies below the credit.</summary>
    public bool TryTakeSend(int streamId, long startFrame, int samples, out AudioFrameHeader header)
    {
        lock (_gate)
        {
            var entry = Find(streamId, StreamDirection.Send);
            var channels = entry.Stream.AudioChannels;
            var frames = samples / channels;
            if (frames < 1 || frames * channels != samples || frames > entry.Stream.MaxFramesPerBlock)
            {
                throw new ArgumentException(
                    $"{samples} samples are not 1 to {entry.Stream.MaxFramesPerBlock} frames of {channels} channels.", nameof(samples));
            }

            if (startFrame != entry.NextFrame)
            {
                throw new ArgumentOutOfRangeException(nameof(startFrame), startFrame, $"The next frame of stream {streamId} is {entry.NextFrame}.");
            }

            header = default;
            if (frames > entry.Limit - entry.NextFrame)
            {
                return false;
            }

            header = new AudioFrameHeader
            {
                Version = AudioFrameHeader.CurrentVersion,
                Type = AudioFrameType.Block,
                StreamId = streamId,
                Position = startFrame,
                Epoch = entry.Stream.Epoch,
                FrameCount = frames,
                AudioChannels = (ushort)channels,
                Sequence = entry.Sequence,
            };
            entry.NextFrame += frames;
            entry.Sequence = unchecked(entry.Sequence + 1);
            return true;
        }
    }

    /// <summary>Raises the credit this end has granted.</summary>
    /// <returns>Whether it is news for the peer.</returns>
    public bool TryGrant(int streamId, long limitFrame, out int epoch)
    {
        lock (_gate)
        {
            var entry = Find(streamId, StreamDirection.Receive);
            epoch = entry.Stream.Epoch;
            if (limitFrame <= entry.Limit)
            {
                return false;
            }

            entry.Limit = limitFrame;
            return true;
        }
    }

    /// <summary>Judges a block that arrived, by its header alone; counts it as received only when <paramref name="isWhole"/>.</summary>
    public Verdict JudgeBlock(in AudioFrameHeader header, bool isWhole, out string? violation)
    {
        lock (_gate)
        {
            violation = null;
            if (!_entries.TryGetValue(header.StreamId, out var entry))
            {
                violation = $"stream id is {header.StreamId}, which was never open";
                return Verdict.Violation;
            }

            if (header.Epoch < entry.Stream.Epoch || (!entry.IsOpen && header.Epoch == entry.Stream.Epoch))
            {
                return Verdict.Drop;
            }

            violation =
                header.Epoch > entry.Stream.Epoch ? $"epoch is {header.Epoch}, newer than {entry.Stream.Epoch}" :
                entry.Direction != StreamDirection.Receive ? $"stream id is {header.StreamId}, which this end sends" :
                header.AudioChannels != entry.Stream.AudioChannels ? $"channels is {header.AudioChannels}, not {entry.Stream.AudioChannels}" :
                header.FrameCount > entry.Stream.MaxFramesPerBlock ? $"frames is {header.FrameCount}, more than {entry.Stream.MaxFramesPerBlock}" :
                header.Position != entry.NextFrame ? $"position is {header.Position}, not {entry.NextFrame}" :
                header.FrameCount > entry.Limit - entry.NextFrame ? $"frames is {header.FrameCount}, beyond the credit up to {entry.Limit}" :
                header.Sequence != entry.Sequence ? $"sequence is {header.Sequence}, not {entry.Sequence}" : null;
            if (violation is not null)
            {
                violation += $" (stream {header.StreamId})";
                return Verdict.Violation;
            }

            if (isWhole)
            {
                entry.NextFrame += header.FrameCount;
                entry.Sequence = unchecked(entry.Sequence + 1);
            }

            return Verdict.Take;
        }
    }

    /// <summary>Judges a credit that arrived, and remembers it.</summary>
    public Verdict JudgeCredit(in AudioFrameHeader header, out string? violation)
    {
        lock (_gate)
        {
            violation = null;
            if (!_entries.TryGetValue(header.StreamId, out var entry) || header.Epoch > entry.Stream.Epoch)
            {
                return Remember(header, out violation);
            }

            if (header.Epoch < entry.Stream.Epoch || !entry.IsOpen)
            {
                return Verdict.Drop;
            }

            violation =
                entry.Direction != StreamDirection.Send ? $"stream id is {header.StreamId}, which this end receives" :
                header.Position < entry.Limit ? $"position is {header.Position}, a credit below {entry.Limit} (stream {header.StreamId})" : null;
            if (violation is not null)
            {
                return Verdict.Violation;
            }

            entry.Limit = header.Position;
            return Verdict.Take;
        }
    }

    // The two ends learn of a stream from a third party, in no order: the receiving end may be first and grant at once.
    private Verdict Remember(in AudioFrameHeader header, out string? violation)
    {
        violation = null;
        if (_earlyCredits.TryGetValue(header.StreamId, out var early))
        {
            if (header.Epoch == early.Epoch && header.Position < early.Limit)
            {
                violation = $"position is {header.Position}, a credit below {early.Limit} (stream {header.StreamId})";
                return Verdict.Violation;
            }

            if (header.Epoch < early.Epoch)
            {
                return Verdict.Drop;
            }
        }
        else if (_earlyCredits.Count >= maxEarlyCredits)
        {
            violation = $"stream id is {header.StreamId}, one more than {maxEarlyCredits} streams that are not open";
            return Verdict.Violation;
        }

        _earlyCredits[header.StreamId] = (header.Epoch, header.Position);
        return Verdict.Drop;
    }

    private Entry Find(int streamId, StreamDirection direction) =>
        _entries.TryGetValue(streamId, out var entry) && entry.IsOpen && entry.Direction == direction
            ? entry
            : throw new InvalidOperationException($"Stream {streamId} is not open to {direction}.");

    private sealed class Entry
    {
        public AudioStream Stream { get; set; }

        public StreamDirection Direction { get; set; }

        public bool IsOpen { get; set; }

        public long NextFrame { get; set; }

        public long Limit { get; set; }

        public uint Sequence { get; set; }
    }
}
