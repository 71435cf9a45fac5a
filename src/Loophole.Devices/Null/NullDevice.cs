using Loophole.Cluster.Devices;
using Loophole.Devices.Calls;

namespace Loophole.Devices.Null;

/// <summary>A device that a clock drives, on a thread of its own.</summary>
internal sealed class NullDevice : AudioDevice
{
    private readonly TimeProvider _time;
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _timerStep;
    private ITimer? _timer;
    private long _start;
    private long _doneBlocks;

    public NullDevice(AudioDeviceFormat format, TimeProvider time)
        : base(format)
    {
        _time = time;

        // The system's timers count whole milliseconds and drop the rest: woken early, the thread would go round until the block is due.
        _timerStep = ReferenceEquals(time, TimeProvider.System) ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromTicks(1);
    }

    protected override void Run()
    {
        _start = _time.GetTimestamp();
        _timer = _time.CreateTimer(static wake => ((AutoResetEvent)wake!).Set(), _wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        new Thread(Loop) { IsBackground = true, Name = "audio null", Priority = ThreadPriority.Highest }.Start();
    }

    protected override async ValueTask ReleaseAsync()
    {
        if (_timer is { } timer)
        {
            _wake.Set();
            await _left.Task.ConfigureAwait(false);
            await timer.DisposeAsync().ConfigureAwait(false);
        }

        _wake.Dispose();
    }

    private void Loop()
    {
        while (!IsClosed)
        {
            CatchUp();
            _timer!.Change(UntilNext(), Timeout.InfiniteTimeSpan);

            // The clock may have moved on before the timer was set.
            if (DueBlocks() == _doneBlocks && !IsClosed)
            {
                _wake.WaitOne();
            }
        }

        _left.SetResult();
    }

    private void CatchUp()
    {
        var due = DueBlocks();
        if ((due - _doneBlocks) * Format.BlockFrames > Format.SampleRate)
        {
            CountXrun();
            _doneBlocks = due - 1;
        }

        while (_doneBlocks < due && Call(Format.BlockFrames))
        {
            _doneBlocks++;
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
