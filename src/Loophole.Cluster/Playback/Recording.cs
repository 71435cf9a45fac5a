using Loophole.Cluster.Audio;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Playback;

/// <summary>Keeps what an audio callback hands it and writes it into a sink. The callback never waits for the disk: what does not fit is left out and counted.</summary>
internal sealed class Recording : IAsyncDisposable
{
    private readonly IRenderSink _sink;
    private readonly FrameRing _ring;
    private readonly DiskLoop _disk;
    private long _lostFrames;

    /// <summary>Starts to write what will come.</summary>
    /// <param name="sink">Where it is written; the caller disposes it.</param>
    /// <param name="audioChannels">Its width.</param>
    /// <param name="capacityFrames">What may wait for the disk.</param>
    /// <param name="time">The clock.</param>
    public Recording(IRenderSink sink, int audioChannels, int capacityFrames, TimeProvider time)
    {
        (_sink, _ring) = (sink, new FrameRing(audioChannels, capacityFrames, startFrame: 0));
        _disk = new DiskLoop(WriteWhatIsThere, time);
    }

    /// <summary>Frames that did not fit. [any]</summary>
    public long LostFrames => Volatile.Read(ref _lostFrames);

    /// <summary>Takes a block of as many channels. [audio thread]</summary>
    public void Write(AudioBuffer block)
    {
        var frame = _ring.WriteFrame;
        var fits = (int)Math.Min(block.FrameCount, _ring.WriteLimit - frame);
        for (var taken = 0; taken < fits;)
        {
            var piece = _ring.Contiguous(frame + taken, fits - taken);
            Interleave(block.Slice(taken, piece), _ring.Memory(frame + taken, piece).Span);
            taken += piece;
        }

        Publish(block.FrameCount, fits);
    }

    /// <summary>Takes frames that are interleaved. [audio thread]</summary>
    public void Write(ReadOnlySpan<float> samples)
    {
        var (frame, frames) = (_ring.WriteFrame, samples.Length / _ring.AudioChannels);
        var fits = (int)Math.Min(frames, _ring.WriteLimit - frame);
        for (var taken = 0; taken < fits;)
        {
            var piece = _ring.Contiguous(frame + taken, fits - taken);
            samples.Slice(taken * _ring.AudioChannels, piece * _ring.AudioChannels).CopyTo(_ring.Memory(frame + taken, piece).Span);
            taken += piece;
        }

        Publish(frames, fits);
    }

    /// <summary>Writes the rest and makes the file visible. Once the callback is not called any more.</summary>
    /// <returns>The hash of the samples.</returns>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public async Task<string> CompleteAsync()
    {
        await _disk.EndAsync().ConfigureAwait(false);
        return _sink.Complete();
    }

    /// <summary>Stops writing, if it has not ended yet; the sink is not touched any more.</summary>
    public ValueTask DisposeAsync() => _disk.DisposeAsync();

    private void Publish(int frames, int fits)
    {
        _ring.Publish(_ring.WriteFrame + fits);
        Volatile.Write(ref _lostFrames, _lostFrames + frames - fits);
    }

    private void WriteWhatIsThere()
    {
        for (var there = _ring.WriteFrame - _ring.ReleaseFrame; there > 0; there = _ring.WriteFrame - _ring.ReleaseFrame)
        {
            var frames = _ring.Contiguous(_ring.ReleaseFrame, there);
            _sink.Write(_ring.Memory(_ring.ReleaseFrame, frames).Span);
            _ring.Release(_ring.ReleaseFrame + frames);
        }
    }

    private static void Interleave(AudioBuffer source, Span<float> target)
    {
        var width = source.ChannelCount;
        for (var channel = 0; channel < width; channel++)
        {
            var samples = source.Channel(channel);
            for (var frame = 0; frame < samples.Length; frame++)
            {
                target[(frame * width) + channel] = samples[frame];
            }
        }
    }
}
