using Loophole.Cluster.Discovery;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Membership;

/// <summary>One node that was found: tries to let it in, again when it was lost, and less and less often when it keeps coming and going. Members are safe for concurrent use.</summary>
/// <param name="found">As it was found.</param>
/// <param name="door">What lets nodes in.</param>
/// <param name="time">The clock.</param>
internal sealed class Recruit(DiscoveredNode found, IMembershipDoor door, TimeProvider time)
{
    /// <summary>A node that does not answer, or does not want us, is tried again after so long, or when the brake lets go: whether that has changed does not show here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly AttemptBrake _brake = new();
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _poked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DiscoveredNode _found = found;
    private bool _isGone;
    private bool _isOver;
    private NodeId? _joined;
    private (string Reason, DateTimeOffset? Next) _status = ("it is being asked", null);

    /// <summary>As whom it is in the session, or was last; <see langword="null"/> before that.</summary>
    public NodeId? Joined
    {
        get
        {
            lock (_gate)
            {
                return _joined;
            }
        }
    }

    /// <summary>Completes when it was tried once, or need not be.</summary>
    public Task Decided => _decided.Task;

    /// <summary>Why it is not in the session, or <see langword="null"/> when it is.</summary>
    public NodeCandidate? Candidate
    {
        get
        {
            lock (_gate)
            {
                return _status.Reason.Length == 0 ? null : new NodeCandidate(_found.Name, _found.Id, _found.EndPoints, _status.Reason, _status.Next);
            }
        }
    }

    /// <summary>It was seen again, otherwise than before.</summary>
    /// <returns>Whether that is of use: it is not when it has been given up.</returns>
    public bool See(DiscoveredNode found)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return false;
            }

            (_found, _isGone) = (found, false);
        }

        Poke();
        return true;
    }

    /// <summary>It tells of itself no more. What is in the session stays there until its connection ends.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _isGone = true;
        }

        Poke();
    }

    /// <summary>Tries it now, however often that was done.</summary>
    public void Retry()
    {
        lock (_gate)
        {
            _brake.Release();
        }

        Poke();
    }

    /// <summary>Something has changed that may concern it.</summary>
    public void Poke()
    {
        TaskCompletionSource poked;
        lock (_gate)
        {
            (poked, _poked) = (_poked, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        poked.TrySetResult();
    }

    /// <summary>Lets it in as often as that is needed, until it tells of itself no more and is not in the session.</summary>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // Before what may change is looked at.
                var poked = Poked();
                if (Next() is not { } wait)
                {
                    return;
                }

                if (wait == TimeSpan.Zero)
                {
                    wait = await TryAsync(cancellationToken).ConfigureAwait(false);
                }

                _decided.TrySetResult();
                await poked.WaitAsync(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _decided.TrySetResult();
        }
    }

    private Task Poked()
    {
        lock (_gate)
        {
            return _poked.Task;
        }
    }

    /// <summary>How long to wait before it is tried, for ever while it is in the session or must not be; <see langword="null"/> when it is given up.</summary>
    private TimeSpan? Next()
    {
        lock (_gate)
        {
            // Someone may have let it in another way.
            if ((_joined ?? _found.Id) is { } id && door.IsInSession(id))
            {
                (_joined, _status) = (id, ("", null));
                return Timeout.InfiniteTimeSpan;
            }

            if (_isGone)
            {
                _isOver = true;
                return null;
            }

            if (door.FindObjection(_found) is { } objection)
            {
                _status = (objection, null);
                return Timeout.InfiniteTimeSpan;
            }

            var wait = _brake.WaitAt(time.GetElapsedTime(_start));
            if (wait > TimeSpan.Zero)
            {
                _status = ($"it comes and goes: it is let alone for {Math.Ceiling(wait.TotalSeconds)} s", time.GetUtcNow() + wait);
                return wait;
            }

            _brake.Note(time.GetElapsedTime(_start));
            return TimeSpan.Zero;
        }
    }

    /// <returns>How long to wait before the next attempt.</returns>
    private async Task<TimeSpan> TryAsync(CancellationToken cancellationToken)
    {
        DiscoveredNode found;
        lock (_gate)
        {
            found = _found;
        }

        var wait = Timeout.InfiniteTimeSpan;
        try
        {
            var id = await door.LetInAsync(found, cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                (_joined, _status) = (id, ("", null));
            }

            // It may be lost by now; whoever says so later pokes.
            wait = door.IsInSession(id) ? wait : TimeSpan.Zero;
        }
        catch (ClusterException refused)
        {
            wait = Patience;
            lock (_gate)
            {
                _status = (refused.Message, time.GetUtcNow() + wait);
            }
        }

        return wait;
    }
}
