namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>What is to happen when, on one clock: one thing after the other, by due time and then in the order asked for.</summary>
/// <remarks>What is due already happens before <see cref="At"/> returns, unless another thread is at it; then that one does it next.</remarks>
internal sealed class Agenda
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Action, (long Due, long Order)> _actions = new();
    private long _lastOrder;
    private bool _isRunning;

    public Agenda(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((Agenda)self!).Run(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ticks of 100 ns since construction.</summary>
    public long Now => _time.GetElapsedTime(_start).Ticks;

    /// <summary>Adds an action, which must not throw or block.</summary>
    public void At(long due, Action action)
    {
        lock (_gate)
        {
            _actions.Enqueue(action, (due, ++_lastOrder));
        }

        Run();
    }

    private void Run()
    {
        lock (_gate)
        {
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        while (TryTake(out var action))
        {
            action();
        }
    }

    private bool TryTake(out Action action)
    {
        lock (_gate)
        {
            if (_actions.TryPeek(out action!, out var next))
            {
                var wait = next.Due - Now;
                if (wait <= 0)
                {
                    _actions.Dequeue();
                    return true;
                }

                _timer.Change(TimeSpan.FromTicks(wait), Timeout.InfiniteTimeSpan);
            }

            _isRunning = false;
            return false;
        }
    }
}
