using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Playback;

/// <summary>Calls a callback, and measures how long it takes.</summary>
/// <param name="callback">What is measured.</param>
/// <param name="sampleRate">Frames per second.</param>
/// <param name="time">The clock.</param>
internal sealed class TimedCallback(IAudioCallback callback, int sampleRate, TimeProvider time) : IAudioCallback
{
    private readonly int _collections = GC.CollectionCount(0);
    private readonly TimeSpan _paused = GC.GetTotalPauseDuration();
    private long _calls;
    private long _all;
    private long _over;
    private long _longest = -1;
    private long _longestAt;

    /// <summary>What is measured. [any]</summary>
    public IAudioCallback Callback => callback;

    /// <summary>What all calls took together. [any]</summary>
    public double Seconds => (double)Volatile.Read(ref _all) / time.TimestampFrequency;

    /// <summary>What was found so far. [any]</summary>
    public CallTimes Times => new(
        Volatile.Read(ref _calls),
        Volatile.Read(ref _over),
        time.GetElapsedTime(0, Math.Max(0, Volatile.Read(ref _longest))),
        Volatile.Read(ref _longestAt),
        GC.CollectionCount(0) - _collections,
        GC.GetTotalPauseDuration() - _paused);

    /// <inheritdoc/>
    public void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output)
    {
        var start = time.GetTimestamp();
        callback.Process(input, notes, output);
        var took = time.GetTimestamp() - start;
        Volatile.Write(ref _calls, _calls + 1);
        Volatile.Write(ref _all, _all + took);
        if (took > _longest)
        {
            Volatile.Write(ref _longest, took);
            Volatile.Write(ref _longestAt, _calls);
        }

        if (took * sampleRate > output.FrameCount * time.TimestampFrequency)
        {
            Volatile.Write(ref _over, _over + 1);
        }
    }
}
