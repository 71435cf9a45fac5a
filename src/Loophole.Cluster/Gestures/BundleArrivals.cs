using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Gestures;

/// <summary>Bundles travel on a channel of their own: lets a command wait for those that were sent before it. Safe for concurrent use.</summary>
internal sealed class BundleArrivals(TimeProvider time)
{
    /// <summary>How long a bundle may be behind a command that came after it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewArrival();
    private uint _come;

    /// <summary>So many have come by now, and all that they say is known. [events receiver]</summary>
    public void Tell(uint come)
    {
        TaskCompletionSource arrived;
        lock (_gate)
        {
            _come = come;
            (arrived, _next) = (_next, NewArrival());
        }

        arrived.SetResult();
    }

    /// <summary>Waits until so many have come. [control]</summary>
    /// <exception cref="ControlException">They do not come.</exception>
    public async Task AwaitAsync(uint count, CancellationToken cancellationToken)
    {
        while (true)
        {
            uint come;
            Task next;
            lock (_gate)
            {
                (come, next) = (_come, _next.Task);
            }

            if (come >= count)
            {
                return;
            }

            try
            {
                await next.WaitAsync(Deadline, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException late)
            {
                throw new ControlException("gestures", $"Of {count} bundles of gestures only {come} have come.", innerException: late);
            }
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
