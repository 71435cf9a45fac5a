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
            violation = Violation.Of("stream id is {0}, which was never open", header.StreamId);
            return Verdict.Violation;
        }

        if (header.Epoch < stream.Stream.Epoch || (!stream.IsOpen && header.Epoch == stream.Stream.Epoch))
        {
            return Verdict.Drop;
        }

        violation =
            header.Epoch > stream.Stream.Epoch ? Violation.Of("epoch is {0}, newer than {1}", header.Epoch, stream.Stream.Epoch, header.StreamId) :
            stream.Direction != StreamDirection.Receive ? Violation.Of("stream id is {0}, which this end sends", header.StreamId) :
            header.AudioChannels != stream.Stream.AudioChannels ? Violation.Of("channels is {0}, not {1}", header.AudioChannels, stream.Stream.AudioChannels, header.StreamId) :
            header.FrameCount > stream.Stream.MaxFramesPerBlock ? Violation.Of("frames is {0}, more than {1}", header.FrameCount, stream.Stream.MaxFramesPerBlock, header.StreamId) :
            header.Position != stream.NextFrame ? Violation.Of("position is {0}, not {1}", header.Position, stream.NextFrame, header.StreamId) :
            header.FrameCount > stream.Limit - stream.NextFrame ? Violation.Of("frames is {0}, beyond the credit up to {1}", header.FrameCount, stream.Limit, header.StreamId) :
            header.Sequence != stream.Sequence ? Violation.Of("sequence is {0}, not {1}", header.Sequence, stream.Sequence, header.StreamId) : null;
        if (violation is not null)
        {
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
                stream.Direction != StreamDirection.Send ? Violation.Of("stream id is {0}, which this end receives", header.StreamId) :
                header.Position < stream.Limit ? Violation.Of("position is {0}, a credit below {1}", header.Position, stream.Limit, header.StreamId) : null;
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
                violation = Violation.Of("position is {0}, a credit below {1}", header.Position, early.Limit, header.StreamId);
                return Verdict.Violation;
            }

            if (header.Epoch < early.Epoch)
            {
                return Verdict.Drop;
            }
        }
        else if (_earlyCredits.Count >= maxEarlyCredits)
        {
            violation = Violation.Of("stream id is {0}, one more than {1} streams that are not open", header.StreamId, maxEarlyCredits);
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
