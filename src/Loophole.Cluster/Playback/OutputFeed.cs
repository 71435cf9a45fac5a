using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Live;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Playback;

/// <summary>The audio callback: keeps what the device hears, moves the playhead and plays a signal. What is not there in time is a gap, and is counted. Nothing here waits, locks, allocates, or
/// rings a bell.</summary>
internal sealed class OutputFeed : IAudioCallback
{
    private volatile IPlayedSignal _signal;
    private readonly InputFeed[] _inputs;
    private long _playhead;
    private long _claimed;
    private long _limit = long.MaxValue;
    private long _missingFrames;
    private long _lateBlocks;

    /// <param name="signal">What is played.</param>
    /// <param name="startFrame">Render frame of the first one to play.</param>
    /// <param name="inputs">Keep what the device hears, from that frame on.</param>
    public OutputFeed(IPlayedSignal signal, long startFrame, params InputFeed[] inputs) => (_signal, _playhead, _inputs) = (signal, startFrame, inputs);

    /// <summary>Keeps the notes that the device hears, or <see langword="null"/>.</summary>
    public NoteFeed? Notes { get; init; }

    /// <summary>Render frame of the next one to play. [any]</summary>
    public long Playhead => Volatile.Read(ref _playhead);

    /// <summary>Render frame up to which playing can go on with what is rendered and known by now. [any]</summary>
    public long Reached => _signal.Reached;

    /// <summary>Frames at which something was not there in time. [any]</summary>
    public long MissingFrames => Volatile.Read(ref _missingFrames);

    /// <summary>Calls in which something was not there in time. [any]</summary>
    public long LateBlocks => Volatile.Read(ref _lateBlocks);

    /// <summary>Nothing that was rendered ahead counts from this render frame on. [any]</summary>
    public long Limit => Volatile.Read(ref _limit);

    /// <summary>Plays nothing that was rendered ahead from a frame on, for the moment that it takes to put something else there. [one caller]</summary>
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

    /// <summary>Whether the callback is not at work right now; what it does next begins at <see cref="Playhead"/>. [any]</summary>
    public bool IsBetweenCalls => Volatile.Read(ref _claimed) <= Playhead;

    /// <summary>Plays another signal from the next call on. [one caller]</summary>
    public void Turn(IPlayedSignal signal)
    {
        signal.Fade = _signal.Fade;
        _signal = signal;
    }

    /// <summary>Ends a hold. [one caller]</summary>
    public void GoOn() => Volatile.Write(ref _limit, long.MaxValue);

    /// <inheritdoc/>
    public void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output)
    {
        var start = _playhead;
        Volatile.Write(ref _claimed, start + output.FrameCount);
        Interlocked.MemoryBarrier();
        foreach (var feed in _inputs)
        {
            feed.Write(input, output.FrameCount);
        }

        Notes?.Write(notes, start, output.FrameCount);

        // The limit before anything is taken: a hold that ended in between has put something else there, and what was there before must not count.
        var limit = Limit;
        var signal = _signal;
        var missing = 0;
        for (var done = 0; done < output.FrameCount;)
        {
            var frames = signal.Contiguous(start + done, output.FrameCount - done);
            var missingHere = 0;
            Play(signal.Take(start + done, frames, limit, ref missingHere), signal.AudioChannels, output.Slice(done, frames));
            missing += missingHere;
            done += frames;
        }

        if (missing > 0)
        {
            Volatile.Write(ref _missingFrames, _missingFrames + missing);
            Volatile.Write(ref _lateBlocks, _lateBlocks + 1);
        }

        // Last: frames before it may be overwritten from now on.
        Volatile.Write(ref _playhead, start + output.FrameCount);
    }

    private static void Play(ReadOnlySpan<float> samples, int width, AudioBuffer output)
    {
        for (var channel = 0; channel < Math.Min(width, output.ChannelCount); channel++)
        {
            var target = output.Channel(channel);
            for (var frame = 0; frame < target.Length; frame++)
            {
                target[frame] = samples[(frame * width) + channel];
            }
        }
    }
}
