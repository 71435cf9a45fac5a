using Loophole.Cluster.Audio;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Timeline;

namespace Loophole.Bench.Playback;

/// <summary>Calls a callback and keeps how long it took and what it allocated, while it measures; and after it does a fixed work, which tells how fast the machine is meanwhile.</summary>
internal sealed class CallMeter(IAudioCallback callback, bool marksCalls) : IAudioCallback
{
    private readonly long[] _nanoseconds = new long[1 << 17];
    private readonly long[] _fixedNanoseconds = new long[1 << 17];
    private readonly FixedWork _work = new();
    private int _calls;
    private long _bytes;
    private volatile bool _isMeasuring;

    /// <summary>The device's thread, once it has called.</summary>
    public int Thread { get; private set; }

    public void Process(AudioBuffer input, ReadOnlySpan<MidiMessage> notes, AudioBuffer output)
    {
        if (Thread == 0)
        {
            Thread = SystemCalls.ThreadId();
        }

        if (marksCalls)
        {
            _ = SystemCalls.Mark();
            callback.Process(input, notes, output);
            _ = SystemCalls.Mark();
            return;
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = BenchClock.Now;
        callback.Process(input, notes, output);
        var taken = BenchClock.Now - start;
        start = BenchClock.Now;
        _work.Run();
        var fixedTaken = BenchClock.Now - start;
        if (_isMeasuring && _calls < _nanoseconds.Length)
        {
            _bytes += GC.GetAllocatedBytesForCurrentThread() - bytes;
            _nanoseconds[_calls] = taken;
            _fixedNanoseconds[_calls] = fixedTaken;
            Volatile.Write(ref _calls, _calls + 1);
        }
    }

    public void Begin()
    {
        (_bytes, _calls) = (0, 0);
        _isMeasuring = true;
    }

    /// <summary>What was measured since <see cref="Begin"/>.</summary>
    public CallTimes End()
    {
        _isMeasuring = false;
        long[] sorted = [.. _nanoseconds[..Volatile.Read(ref _calls)].Order()];
        long[] sortedFixed = [.. _fixedNanoseconds[..sorted.Length].Order()];
        return new CallTimes(sorted.Length, sorted[sorted.Length / 2] / 1e3, sorted[sorted.Length * 99 / 100] / 1e3, sorted[^1] / 1e3, sortedFixed[sorted.Length / 2] / 1e3, _bytes);
    }
}
