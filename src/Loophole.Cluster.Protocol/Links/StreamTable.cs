using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Loophole.Cluster.Links;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>The streams of one end of a link, and every rule about them. Opened and closed by any thread; blocks take no lock.</summary>
/// <remarks>A closed stream keeps its entry, so that late blocks of it can be told from blocks of a stream that never was.</remarks>
internal sealed class StreamTable
{
    private readonly int _maxEarlyCredits;

    // What is open, and which credits came early, must change together.
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<int, OpenStream> _streams = new();
    private readonly Dictionary<int, (int Epoch, long Limit)> _earlyCredits = [];
    private readonly StreamTrail _sent;
    private readonly StreamTrail _received;

    public StreamTable(int maxEarlyCredits)
    {
        _maxEarlyCredits = maxEarlyCredits;
        _sent = new StreamTrail(_streams, StreamDirection.Send);
        _received = new StreamTrail(_streams, StreamDirection.Receive);
    }

    public void Open(in AudioStream stream, StreamDirection direction)
    {
        lock (_gate)
        {
            if (_streams.TryGetValue(stream.Id, out var earlier) && stream.Epoch <= earlier.Epoch)
            {
                throw new ArgumentOutOfRangeException(nameof(stream), stream.Epoch, $"The epoch must be larger than {earlier.Epoch}.");
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
            earlier?.Replace();
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
    public bool TryTakeSend(int streamId, long startFrame, ReadOnlySpan<float> samples, out AudioFrameHeader header)
    {
        var stream = Demand(_sent.Find(streamId), streamId, StreamDirection.Send);
        var channels = stream.AudioChannels;
        var frames = samples.Length / channels;
        if (frames < 1 || frames * channels != samples.Length || frames > stream.MaxFramesPerBlock)
        {
            throw NotFrames(samples.Length, stream);
        }

        if (startFrame != stream.NextFrame)
        {
            throw NotNext(startFrame, stream);
        }

        if (frames > stream.Limit - startFrame)
        {
            header = default;
            return false;
        }

        // Bits, not values: -0 is equal to 0 but is not silence.
        var isSilent = !MemoryMarshal.AsBytes(samples).ContainsAnyExcept((byte)0);
        header = new AudioFrameHeader
        {
            Version = AudioFrameHeader.CurrentVersion,
            Type = AudioFrameType.Block,
            Flags = isSilent ? AudioFrameHeader.SilenceFlag : (ushort)0,
            StreamId = streamId,
            Position = startFrame,
            Epoch = stream.Epoch,
            FrameCount = frames,
            AudioChannels = (ushort)channels,
            Sequence = stream.Sequence,
            PayloadLength = isSilent ? 0 : (uint)samples.Length * sizeof(float),
        };
        stream.Pass(frames);
        return true;
    }

    /// <summary>Raises the credit this end has granted.</summary>
    /// <returns>Whether it is news for the peer.</returns>
    public bool TryGrant(int streamId, long limitFrame, out int epoch)
    {
        var stream = Demand(_streams.GetValueOrDefault(streamId), streamId, StreamDirection.Receive);
        epoch = stream.Epoch;
        if (limitFrame <= stream.Limit)
        {
            return false;
        }

        stream.Limit = limitFrame;
        return true;
    }

    /// <summary>Judges a block that arrived, by its header alone; counts it as received only when <paramref name="isWhole"/>.</summary>
    public Judgement JudgeBlock(in AudioFrameHeader header, bool isWhole)
    {
        if (_received.Find(header.StreamId) is not { } stream)
        {
            return Judgement.Of(Violation.Of("stream id is {0}, which was never open", header.StreamId));
        }

        if (header.Epoch < stream.Epoch || (!stream.IsOpen && header.Epoch == stream.Epoch))
        {
            return new Judgement(Verdict.Drop);
        }

        var violation =
            header.Epoch > stream.Epoch ? Violation.Of("epoch is {0}, newer than {1}", header.Epoch, stream.Epoch, header.StreamId) :
            stream.Direction != StreamDirection.Receive ? Violation.Of("stream id is {0}, which this end sends", header.StreamId) :
            header.AudioChannels != stream.AudioChannels ? Violation.Of("channels is {0}, not {1}", header.AudioChannels, stream.AudioChannels, header.StreamId) :
            header.FrameCount > stream.MaxFramesPerBlock ? Violation.Of("frames is {0}, more than {1}", header.FrameCount, stream.MaxFramesPerBlock, header.StreamId) :
            header.Position != stream.NextFrame ? Violation.Of("position is {0}, not {1}", header.Position, stream.NextFrame, header.StreamId) :
            header.FrameCount > stream.Limit - stream.NextFrame ? Violation.Of("frames is {0}, beyond the credit up to {1}", header.FrameCount, stream.Limit, header.StreamId) :
            header.Sequence != stream.Sequence ? Violation.Of("sequence is {0}, not {1}", header.Sequence, stream.Sequence, header.StreamId) : null;
        if (violation is not null)
        {
            return Judgement.Of(violation);
        }

        if (isWhole)
        {
            stream.Pass(header.FrameCount);
        }

        return new Judgement(Verdict.Take);
    }

    /// <summary>Judges a credit that arrived, and remembers it.</summary>
    public Judgement JudgeCredit(in AudioFrameHeader header)
    {
        lock (_gate)
        {
            if (!_streams.TryGetValue(header.StreamId, out var stream) || header.Epoch > stream.Epoch)
            {
                return Remember(header);
            }

            if (header.Epoch < stream.Epoch || !stream.IsOpen)
            {
                return new Judgement(Verdict.Drop);
            }

            var violation =
                stream.Direction != StreamDirection.Send ? Violation.Of("stream id is {0}, which this end receives", header.StreamId) :
                header.Position < stream.Limit ? Violation.Of("position is {0}, a credit below {1}", header.Position, stream.Limit, header.StreamId) : null;
            if (violation is not null)
            {
                return Judgement.Of(violation);
            }

            stream.Limit = header.Position;
            return new Judgement(Verdict.Take);
        }
    }

    // The two ends learn of a stream from a third party, in no order: the receiving end may be first and grant at once.
    private Judgement Remember(in AudioFrameHeader header)
    {
        if (_earlyCredits.TryGetValue(header.StreamId, out var early))
        {
            if (header.Epoch == early.Epoch && header.Position < early.Limit)
            {
                return Judgement.Of(Violation.Of("position is {0}, a credit below {1}", header.Position, early.Limit, header.StreamId));
            }

            if (header.Epoch < early.Epoch)
            {
                return new Judgement(Verdict.Drop);
            }
        }
        else if (_earlyCredits.Count >= _maxEarlyCredits)
        {
            return Judgement.Of(Violation.Of("stream id is {0}, one more than {1} streams that are not open", header.StreamId, _maxEarlyCredits));
        }

        _earlyCredits[header.StreamId] = (header.Epoch, header.Position);
        return new Judgement(Verdict.Drop);
    }

    private static OpenStream Demand(OpenStream? stream, int streamId, StreamDirection direction) =>
        stream is { IsOpen: true } && stream.Direction == direction ? stream : throw NotOpen(streamId, direction);

    // Made apart, so that the usual way stays short.
    private static InvalidOperationException NotOpen(int streamId, StreamDirection direction) => new($"Stream {streamId} is not open to {direction}.");

    private static ArgumentException NotFrames(int samples, OpenStream stream) =>
        new($"{samples} samples are not 1 to {stream.MaxFramesPerBlock} frames of {stream.AudioChannels} channels.", nameof(samples));

    private static ArgumentOutOfRangeException NotNext(long startFrame, OpenStream stream) =>
        new(nameof(startFrame), startFrame, $"The next frame of stream {stream.Id} is {stream.NextFrame}.");
}
