using Loophole.Cluster.Devices;
using Loophole.Cluster.Timeline;

namespace Loophole.Devices.Calls;

/// <summary>A device that a clock drives, on a thread of its own.</summary>
internal abstract class ClockedDevice : AudioDevice
{
    private readonly TimeProvider _time;
    private readonly string _threadName;
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _timerStep;
    private ITimer? _timer;
    private long _start;
    private long _doneBlocks;
    private int _isHeld;

    protected ClockedDevice(AudioDeviceFormat format, TimeProvider time, string threadName)
        : base(format)
    {
        (_time, _threadName) = (time, threadName);

        // The system's timers count whole milliseconds and drop the rest: woken early, the thread would go round until the block is due.
        _timerStep = ReferenceEquals(time, TimeProvider.System) ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromTicks(1);
    }

    /// <summary>Whether the next call can be made. One that cannot is late until <see cref="GoOn"/>. [audio thread]</summary>
    protected virtual bool IsReady => true;

    protected override void Run()
    {
        _start = _time.GetTimestamp();
        _timer = _time.CreateTimer(static wake => ((AutoResetEvent)wake!).Set(), _wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        new Thread(Loop) { IsBackground = true, Name = _threadName, Priority = ThreadPriority.Highest }.Start();
    }

    protected sealed override async ValueTask ReleaseAsync()
    {
        if (_timer is { } timer)
        {
            _wake.Set();
            await _left.Task.ConfigureAwait(false);
            await timer.DisposeAsync().ConfigureAwait(false);
        }

        try
        {
            await LeaveAsync().ConfigureAwait(false);
        }
        finally
        {
            _wake.Dispose();
        }
    }

    /// <summary>Makes the next call. Only when <see cref="IsReady"/>. [audio thread]</summary>
    /// <returns>Whether it was made; not after the device has ended.</returns>
    protected virtual bool CallBlock() => Call(Format.BlockFrames, NextNotes());

    /// <summary>What the next call hears on the MIDI input. Once a call. [audio thread]</summary>
    protected virtual ReadOnlySpan<MidiMessage> NextNotes() => default;

    /// <summary>Gives back what the kind of device holds. Once; the audio thread has ended.</summary>
    protected virtual ValueTask LeaveAsync() => default;

    /// <summary>Says that <see cref="IsReady"/> may be true now. Not after <see cref="LeaveAsync"/>. [any but audio]</summary>
    protected void GoOn()
    {
        if (Interlocked.Exchange(ref _isHeld, 0) != 0)
        {
            _wake.Set();
        }
    }

    private void Loop()
    {
        while (!IsClosed)
        {
            if (!CatchUp())
            {
                Hold();
                continue;
            }

            _timer!.Change(UntilNext(), Timeout.InfiniteTimeSpan);

            // The clock may have moved on before the timer was set.
            if (DueBlocks() == _doneBlocks && !IsClosed)
            {
                _wake.WaitOne();
            }
        }

        _left.SetResult();
    }

    /// <returns>Whether all that is due was called, or nothing will be any more.</returns>
    private bool CatchUp()
    {
        var due = DueBlocks();
        if ((due - _doneBlocks) * Format.BlockFrames > Format.SampleRate)
        {
            CountXrun();
            _doneBlocks = due - 1;
        }

        for (; _doneBlocks < due; _doneBlocks++)
        {
            if (!IsReady)
            {
                return false;
            }

            if (!CallBlock())
            {
                break;
            }
        }

        return true;
    }

    private void Hold()
    {
        // Said first and asked then, as the other side does it the other way round: one of both sees the other.
        Interlocked.Exchange(ref _isHeld, 1);
        if (!IsReady && !IsClosed)
        {
            _wake.WaitOne();
        }
    }

    private long DueBlocks() =>
        (long)((Int128)(_time.GetTimestamp() - _start) * Format.SampleRate / _time.TimestampFrequency / Format.BlockFrames);

    private TimeSpan UntilNext()
    {
        // Rounded up to what the clock counts: the block is due then, and not a tick before.
        var frames = (_doneBlocks + 1) * Format.BlockFrames;
        var due = _start + (long)((((Int128)frames * _time.TimestampFrequency) + Format.SampleRate - 1) / Format.SampleRate);
        var ticks = (long)(((Int128)Math.Max(due - _time.GetTimestamp(), 0) * TimeSpan.TicksPerSecond + _time.TimestampFrequency - 1) / _time.TimestampFrequency);
        return TimeSpan.FromTicks((ticks + _timerStep.Ticks - 1) / _timerStep.Ticks * _timerStep.Ticks);
    }
}
