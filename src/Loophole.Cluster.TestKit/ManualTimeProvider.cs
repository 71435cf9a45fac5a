namespace Loophole.Cluster.TestKit;

/// <summary>A clock that stands still until told. Timers fire on the thread that advances it, in the order of their due times, and those
/// due at the same time in the order in which they were set; so a test that uses it runs the same way each time.</summary>
/// <param name="start">What <see cref="GetUtcNow"/> says at first; <see langword="null"/> for the start of the year 2000.</param>
public sealed class ManualTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _start = (start ?? new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)).ToUniversalTime();
    private readonly SortedSet<(long Due, long Order, ManualTimer Timer)> _armed = new(Comparer<(long Due, long Order, ManualTimer Timer)>.Create(
        static (a, b) => (a.Due, a.Order).CompareTo((b.Due, b.Order))));

    private readonly List<(int Count, TaskCompletionSource Seen)> _waiting = [];
    private long _ticks;
    private long _lastOrder;
    private int _isAdvancing;

    /// <summary>Ticks of <see cref="GetTimestamp"/> in a second: those of <see cref="TimeSpan"/>. [any]</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>UTC, so that no machine's setting shows. [any]</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timers that will fire some time. [any]</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_gate)
            {
                return _armed.Count;
            }
        }
    }

    /// <summary>How long the clock has been moved on since it was made, in ticks of <see cref="TimeSpan"/>. [any]</summary>
    /// <returns>0 or more.</returns>
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <summary>The time of day. [any]</summary>
    /// <returns>The start, moved on.</returns>
    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    /// <summary>Makes a timer. [any]</summary>
    /// <param name="callback">Runs inside <see cref="Advance"/>. What it throws comes out there.</param>
    /// <param name="state">Passed to the callback.</param>
    /// <param name="dueTime">When it first fires, 0 for with the next <see cref="Advance"/>, or <see cref="Timeout.InfiniteTimeSpan"/> for never.</param>
    /// <param name="period">Time between further firings; 0 or <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <returns>The timer; dispose it to stop it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative and not infinite.</exception>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on and fires what falls due, each timer at its own time: a callback sees the time it was set for, and what
    /// it sets fires in the same call when it falls due. [one caller, not from a callback]</summary>
    /// <param name="by">How far, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="InvalidOperationException">The clock is being moved on already.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        if (Interlocked.Exchange(ref _isAdvancing, 1) != 0)
        {
            throw new InvalidOperationException("The clock is being moved on already.");
        }

        try
        {
            var end = checked(GetTimestamp() + by.Ticks);
            while (TakeDue(end) is { } timer)
            {
                timer.Fire();
            }

            Interlocked.Exchange(ref _ticks, end);
        }
        finally
        {
            Volatile.Write(ref _isAdvancing, 0);
        }
    }

    /// <summary>Waits until code under test has set its timers, so that a test knows when to move on. [any]</summary>
    /// <param name="count">How many, 1 or more.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>Completes when <see cref="ArmedTimers"/> was that many or more.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public Task WaitForTimersAsync(int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        lock (_gate)
        {
            if (_armed.Count >= count)
            {
                return Task.CompletedTask;
            }

            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, seen));
            return seen.Task.WaitAsync(cancellationToken);
        }
    }

    private ManualTimer? TakeDue(long end)
    {
        lock (_gate)
        {
            if (_armed.Count == 0 || _armed.Min.Due > end)
            {
                return null;
            }

            var (due, _, timer) = _armed.Min;
            Interlocked.Exchange(ref _ticks, Math.Max(due, _ticks));
            timer.Rearm();
            return timer;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private (long Due, long Order, ManualTimer Timer)? _place;
        private long _period;
        private bool _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            ThrowIfNegative(dueTime, nameof(dueTime));
            ThrowIfNegative(period, nameof(period));
            lock (owner._gate)
            {
                Disarm();
                if (_isDisposed)
                {
                    return false;
                }

                _period = Math.Max(period.Ticks, 0);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Arm(checked(owner._ticks + dueTime.Ticks));
                }

                return true;
            }
        }

        /// <summary>Takes the timer from its place, and sets it anew when it is periodic. Inside the gate.</summary>
        public void Rearm()
        {
            var due = _place!.Value.Due;
            Disarm();
            if (_period > 0)
            {
                Arm(checked(due + _period));
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (owner._gate)
            {
                _isDisposed = true;
                Disarm();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private static void ThrowIfNegative(TimeSpan time, string parameter)
        {
            if (time != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, parameter);
            }
        }

        private void Arm(long due)
        {
            _place = (due, ++owner._lastOrder, this);
            owner._armed.Add(_place.Value);
            foreach (var (_, seen) in owner._waiting.Where(w => w.Count <= owner._armed.Count))
            {
                seen.SetResult();
            }

            owner._waiting.RemoveAll(w => w.Seen.Task.IsCompleted);
        }

        private void Disarm()
        {
            if (_place is { } place)
            {
                owner._armed.Remove(place);
                _place = null;
            }
        }
    }
}
