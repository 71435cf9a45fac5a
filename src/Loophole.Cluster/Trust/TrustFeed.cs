using System.Runtime.CompilerServices;

namespace Loophole.Cluster.Trust;

/// <summary>The latest snapshot of a store, and whoever waits for the next. Versions only grow here, whatever happens to what is behind the store.</summary>
internal sealed class TrustFeed(TrustSnapshot first)
{
    private readonly Lock _gate = new();
    private volatile State _state = new(first);

    public TrustSnapshot Current => _state.Snapshot;

    /// <summary>Makes a snapshot the current one, under its version, or the next when that is not new. [any]</summary>
    public TrustSnapshot Publish(TrustSnapshot snapshot)
    {
        State before;
        lock (_gate)
        {
            before = _state;
            _state = new State(snapshot with { Version = Math.Max(snapshot.Version, before.Snapshot.Version + 1) });
        }

        before.Replaced.SetResult();
        return _state.Snapshot;
    }

    public async IAsyncEnumerable<TrustSnapshot> WatchAsync(long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = afterVersion;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var state = _state;
            if (state.Snapshot.Version > seen)
            {
                seen = state.Snapshot.Version;
                yield return state.Snapshot;
            }
            else
            {
                await state.Replaced.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private sealed record State(TrustSnapshot Snapshot)
    {
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
