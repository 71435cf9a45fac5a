using System.Collections.Concurrent;
using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>The streams of one end of a link, and every rule about them. Opened and closed by any thread; blocks take no lock.</summary>
/// <remarks>A closed stream keeps its entry, so that late blocks of it can be told from blocks of a stream that never was.</remarks>
internal sealed class StreamTable(int maxEarlyCredits)
{
    // What is open, and which credits came early, must change together.
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<int, OpenStream> _streams = new();
    private readonly Dictionary<int, (int Epoch, long Limit)> _earlyCredits = [];

    public void Open(in AudioStream stream, StreamDirection direction)
    {
        lock (_gate)
        {
            if (_streams.TryGetValue(stream.Id, out var earlier) && stream.Epoch <= earlier.Stream.Epoch)
            {
                throw new ArgumentOutOfRangeException(nameof(stream), stream.Epoch, $"The epoch must be larger than {earlier.Stream.Epoch}.");
            }

            var limit = stream.StartFrame;
            if (_earlyCredits.TryGetValue(stream.Id, out var early) && early.Epoch <= stream.Epoch)
            {
                _earlyCredits.Remove(stream.Id);
                if (early.Epoch == stream.Epoch && direction == StreamDirection.Send)
                {
                    limit = Math.Max(limit, early.Limit);
                }
            }

            _streams[stream.Id] = new OpenStream(stream, direction, limit);
        }
    }

    public void Close(int streamId)
    {
        if (_streams.TryGetValue(streamId, out var stream))
        {
            stream.Close();
        }
    }

    /// <summary>Takes the place of the next block of a stream, when it lies below the credit.</summary>
    public bool TryTakeSend(int streamId, long startFrame, int samples, out AudioFrameHeader header)
    {
        var stream = Find(streamId, StreamDirection.Send);
        var channels = stream.Stream.AudioChannels;
        var frames = samples / channels;
        if (frames < 1 || frames * channels != samples || frames > stream.Stream.MaxFramesPerBlock)
        {
            throw new ArgumentException(
                $"{samples} samples are not 1 to {stream.Stream.MaxFramesPerBlock} frames of {channels} channels.", nameof(samples));
        }

        if (startFrame != stream.NextFrame)
        {
            throw new ArgumentOutOfRangeException(nameof(startFrame), startFrame, $"The next frame of stream {streamId} is {stream.NextFrame}.");
        }

        header = default;
        if (frames > stream.Limit - startFrame)
        {
            return false;
        }

        header = new AudioFrameHeader
        {
            Version = AudioFrameHeader.CurrentVersion,
            Type = AudioFrameType.Block,
            StreamId = streamId,
            Position = startFrame,
            Epoch = stream.Stream.Epoch,
            FrameCount = frames,
            AudioChannels = (ushort)channels,
            Sequence = stream.Sequence,
        };
        stream.Pass(frames);
        return true;
    }

    /// <summary>Raises the credit this end has granted.</summary>
    /// <returns>Whether it is news for the peer.</returns>
    public bool TryGrant(int streamId, long limitFrame, out int epoch)
    {
        var stream = Find(streamId, StreamDirection.Receive);
        epoch = stream.Stream.Epoch;
        if (limitFrame <= stream.Limit)
        {
            return false;
        }

        stream.Limit = limitFrame;
        return true;
    }

    /// <summary>Judges a block that arrived, by its header alone; counts it as received only when <paramref name="isWhole"/>.</summary>
    public Verdict JudgeBlock(in AudioFrameHeader header, bool isWhole, out string? violation)
    {
        violation = null;
        if (!_streams.TryGetValue(header.StreamId, out var stream))
        {
            violation = $"stream id is {header.StreamId}, which was never open";
            return Verdict.Violation;
        }

        if (header.Epoch < stream.Stream.Epoch || (!stream.IsOpen && header.Epoch == stream.Stream.Epoch))
        {
            return Verdict.Drop;
        }

        violation =
            header.Epoch > stream.Stream.Epoch ? $"epoch is {header.Epoch}, newer than {stream.Stream.Epoch}" :
            stream.Direction != StreamDirection.Receive ? $"stream id is {header.StreamId}, which this end sends" :
            header.AudioChannels != stream.Stream.AudioChannels ? $"channels is {header.AudioChannels}, not {stream.Stream.AudioChannels}" :
            header.FrameCount > stream.Stream.MaxFramesPerBlock ? $"frames is {header.FrameCount}, more than {stream.Stream.MaxFramesPerBlock}" :
            header.Position != stream.NextFrame ? $"position is {header.Position}, not {stream.NextFrame}" :
            header.FrameCount > stream.Limit - stream.NextFrame ? $"frames is {header.FrameCount}, beyond the credit up to {stream.Limit}" :
            header.Sequence != stream.Sequence ? $"sequence is {header.Sequence}, not {stream.Sequence}" : null;
        if (violation is not null)
        {
            violation += $" (stream {header.StreamId})";
            return Verdict.Violation;
        }

        if (isWhole)
        {
            stream.Pass(header.FrameCount);
        }

        return Verdict.Take;
    }

    /// <summary>Judges a credit that arrived, and remembers it.</summary>
    public Verdict JudgeCredit(in AudioFrameHeader header, out string? violation)
    {
        lock (_gate)
        {
            violation = null;
            if (!_streams.TryGetValue(header.StreamId, out var stream) || header.Epoch > stream.Stream.Epoch)
            {
                return Remember(header, out violation);
            }

            if (header.Epoch < stream.Stream.Epoch || !stream.IsOpen)
            {
                return Verdict.Drop;
            }

            violation =
                stream.Direction != StreamDirection.Send ? $"stream id is {header.StreamId}, which this end receives" :
                header.Position < stream.Limit ? $"position is {header.Position}, a credit below {stream.Limit} (stream {header.StreamId})" : null;
            if (violation is not null)
            {
                return Verdict.Violation;
            }

            stream.Limit = header.Position;
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

    private OpenStream Find(int streamId, StreamDirection direction) =>
        _streams.TryGetValue(streamId, out var stream) && stream.IsOpen && stream.Direction == direction
            ? stream
            : throw new InvalidOperationException($"Stream {streamId} is not open to {direction}.");
}
