namespace Loophole.Cluster.Devices;

/// <summary>Is told by the runtime, on the very thread, of every wait that is about to block it.</summary>
internal sealed class WaitWatch : SynchronizationContext
{
    private readonly GuardedCallback _callback;

    public WaitWatch(GuardedCallback callback)
    {
        _callback = callback;
        SetWaitNotificationRequired();
    }

    public override int Wait(IntPtr[] waitHandles, bool waitAll, int millisecondsTimeout)
    {
        _callback.Count(AudioThreadFault.Wait, 1, "a wait handle or a contended lock");
        return base.Wait(waitHandles, waitAll, millisecondsTimeout);
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        _callback.Count(AudioThreadFault.Bell, 1, "a continuation");
        base.Post(d, state);
    }
}
