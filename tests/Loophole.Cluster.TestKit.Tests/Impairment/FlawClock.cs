namespace Loophole.Cluster.TestKit.Tests.Impairment;

/// <summary>The system's clock, but once a flaw has shown itself the time of every wait is soon over. So no limit needs to be short for the sake of a wait that
/// comes to nothing: however busy the machine is, what leads up to that wait has all its time.</summary>
internal sealed class FlawClock : TimeProvider
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly HashSet<ITimer> _armed = [];
    private bool _hasShown;

    /// <summary>From now on there is nothing to wait for.</summary>
    public void Show()
    {
        lock (_gate)
        {
            _hasShown = true;
            foreach (var timer in _armed)
            {
                timer.Change(Soon, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new Timer(this, base.CreateTimer(callback, state, _hasShown ? Soon : dueTime, period));
            _armed.Add(timer);
            return timer;
        }
    }

    private sealed class Timer(FlawClock owner, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._armed.Remove(this);
            }

            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
