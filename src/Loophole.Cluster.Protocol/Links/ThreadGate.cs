using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Loophole.Cluster.Protocol.Links;

/// <summary>Lets a thread wait for a read that is not a thread's own, and allocates nothing for it. One wait at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The event never makes a handle, so there is nothing to free.")]
internal sealed class ThreadGate
{
    private readonly ManualResetEventSlim _event = new(false, spinCount: 0);
    private readonly Action _open;

    public ThreadGate() => _open = _event.Set;

    public ReadResult Wait(ValueTask<ReadResult> read)
    {
        var awaiter = read.ConfigureAwait(false).GetAwaiter();
        if (!awaiter.IsCompleted)
        {
            _event.Reset();
            awaiter.UnsafeOnCompleted(_open);
            _event.Wait();
        }

        return awaiter.GetResult();
    }
}
