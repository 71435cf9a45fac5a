using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Playback;

/// <summary>The audio callback: plays a signal from its ring. What is not there in time becomes silence, with a fade on either side, and is counted; what comes
/// too late for its frame is never heard. Nothing here waits, locks, allocates, or rings a bell.</summary>
internal sealed class OutputFeed : IAudioCallback
{
    /// <summary>Length of a fade, in frames.</summary>
    public const int FadeFrames = 64;

    private readonly FrameRing _ring;
    private readonly float[] _last;
    private long _playhead;
    private long _claimed;
    private long _limit = long.MaxValue;
    private long _missingFrames;
    private long _lateBlocks;

    // Frames since the last gap began, and since it ended; a gap goes on as long as nothing is there.
    private int _sinceGap = FadeFrames;
    private int _sinceSound = FadeFrames;

    /// <param name="ring">The signal.</param>
    /// <param name="startFrame">Render frame of the first one to play.</param>
    public OutputFeed(FrameRing ring, long startFrame)
    {
        (_ring, _playhead) = (ring, startFrame);
        _last = new float[ring.AudioChannels];
    }

    /// <summary>Render frame of the next one to play. [any]</summary>
    public long Playhead => Volatile.Read(ref _playhead);

    /// <summary>Render frame up to which everything is there. [any]</summary>
    public long Reached => _ring.WriteFrame;

    /// <summary>Frames that were not there in time. [any]</summary>
    public long MissingFrames => Volatile.Read(ref _missingFrames);

    /// <summary>Calls in which something was not there in time. [any]</summary>
    public long LateBlocks => Volatile.Read(ref _lateBlocks);

    /// <summary>Plays nothing from a frame on, for the moment that it takes to put something else there. [one caller]</summary>
    /// <returns><see langword="false"/> when that frame is being played already, or has been; then nothing is held.</returns>
    public bool TryHold(long frame)
    {
        Volatile.Write(ref _limit, frame);
        // Either the callback sees the limit, or this sees what the callback has claimed.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _claimed) <= frame)
        {
            return true;
        }

        GoOn();
        return false;
    }

    /// <summary>Ends a hold. [one caller]</summary>
    public void GoOn() => Volatile.Write(ref _limit, long.MaxValue);

    /// <inheritdoc/>
    public void Process(AudioBuffer input, AudioBuffer output)
    {
        var start = _playhead;
        Volatile.Write(ref _claimed, start + output.FrameCount);
        Interlocked.MemoryBarrier();
        // The limit first: a hold that ended in between has put something else there, and what was there before must not count.
        var limit = Volatile.Read(ref _limit);
        var there = (int)Math.Clamp(Math.Min(_ring.WriteFrame, limit) - start, 0, output.FrameCount);
        for (var done = 0; done < there;)
        {
            var frames = _ring.Contiguous(start + done, there - done);
            Play(_ring.Memory(start + done, frames).Span, output.Slice(done, frames));
            done += frames;
        }

        if (there < output.FrameCount)
        {
            FadeOut(output.Slice(there, output.FrameCount - there));
            Volatile.Write(ref _missingFrames, _missingFrames + output.FrameCount - there);
            Volatile.Write(ref _lateBlocks, _lateBlocks + 1);
        }

        // Last: frames before it may be overwritten from now on.
        Volatile.Write(ref _playhead, start + output.FrameCount);
    }

    private void Play(ReadOnlySpan<float> samples, AudioBuffer output)
    {
        var width = _ring.AudioChannels;
        for (var channel = 0; channel < Math.Min(width, output.ChannelCount); channel++)
        {
            var target = output.Channel(channel);
            for (var frame = 0; frame < target.Length; frame++)
            {
                target[frame] = samples[(frame * width) + channel];
            }
        }

        for (var frame = 0; _sinceSound < FadeFrames && frame < output.FrameCount; frame++, _sinceSound++)
        {
            Scale(output, frame, _sinceSound);
        }

        var heard = (float)_sinceSound / FadeFrames;
        for (var channel = 0; channel < width; channel++)
        {
            _last[channel] = samples[samples.Length - width + channel] * heard;
        }

        _sinceGap = 0;
    }

    /// <summary>From the last sample heard in a straight line to silence.</summary>
    private void FadeOut(AudioBuffer output)
    {
        for (var frame = 0; _sinceGap < FadeFrames && frame < output.FrameCount; frame++)
        {
            _sinceGap++;
            for (var channel = 0; channel < Math.Min(_last.Length, output.ChannelCount); channel++)
            {
                output.Channel(channel)[frame] = _last[channel] * (FadeFrames - _sinceGap) / FadeFrames;
            }
        }

        _sinceSound = 0;
    }

    private static void Scale(AudioBuffer output, int frame, int step)
    {
        for (var channel = 0; channel < output.ChannelCount; channel++)
        {
            output.Channel(channel)[frame] *= (float)(step + 1) / FadeFrames;
        }
    }
}
