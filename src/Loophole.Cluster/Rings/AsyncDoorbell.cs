using System.Threading.Tasks.Sources;
using Loophole.Cluster.Devices;

namespace Loophole.Cluster.Rings;

/// <summary>Wakes one waiting loop. A ring that nobody waits for is remembered, several count as one. Allocates nothing.</summary>
internal sealed class AsyncDoorbell : IValueTaskSource
{
    private const int Idle = 0;
    private const int Rung = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>Wakes the waiter, now or when it next waits. [any but the audio thread]</summary>
    public void Ring()
    {
        AudioThread.Trip(AudioThreadFault.Bell, nameof(AsyncDoorbell));
        if (Interlocked.CompareExchange(ref _state, Rung, Idle) == Waiting && Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting)
        {
            _core.SetResult(true);
        }
    }

    /// <summary>Waits for a ring since the last wait. [one waiter]</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Rung) == Rung)
        {
            return default;
        }

        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
        {
            return new ValueTask(this, _core.Version);
        }

        // A full fence: what the waiter reads next must not be read before a ring could be seen as new.
        Interlocked.Exchange(ref _state, Idle);
        return default;
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
