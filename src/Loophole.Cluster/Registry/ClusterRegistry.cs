using System.Runtime.CompilerServices;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Registry;

/// <summary>The registry beside Pulse: immutable, versioned snapshots.</summary>
public sealed class ClusterRegistry : IClusterRegistry
{
    private readonly Lock _gate = new();
    private volatile State _state = new(new ClusterSnapshot(0, []));

    /// <inheritdoc/>
    public ClusterSnapshot Current => _state.Snapshot;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ClusterSnapshot> WatchAsync(long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken = default)
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

    /// <inheritdoc/>
    public bool Register(NodeDescription node)
    {
        ArgumentNullException.ThrowIfNull(node);
        lock (_gate)
        {
            var nodes = Current.Nodes;
            var at = IndexOf(node.Id);
            if (at >= 0 && nodes[at].Health is NodeHealth.Active or NodeHealth.Suspect)
            {
                return false;
            }

            var joined = new ClusterNode(node, NodeHealth.Active);
            Publish(new ClusterSnapshot(Current.Version + 1, at < 0 ? nodes.Add(joined) : nodes.SetItem(at, joined)));
            return true;
        }
    }

    /// <inheritdoc/>
    public bool Report(NodeId node, NodeHealth health, string reason = "")
    {
        lock (_gate)
        {
            var at = IndexOf(node);
            if (at < 0 || Current.Nodes[at] is { Health: NodeHealth.Lost or NodeHealth.Left } || (Current.Nodes[at].Health == health && Current.Nodes[at].Reason == reason))
            {
                return false;
            }

            Publish(new ClusterSnapshot(Current.Version + 1, Current.Nodes.SetItem(at, Current.Nodes[at] with { Health = health, Reason = reason })));
            return true;
        }
    }

    /// <inheritdoc/>
    public bool Observe(NodeId node, NodeTelemetry telemetry)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        lock (_gate)
        {
            var at = IndexOf(node);
            if (at < 0 || Current.Nodes[at] is { Health: NodeHealth.Lost or NodeHealth.Left })
            {
                return false;
            }

            Publish(new ClusterSnapshot(Current.Version + 1, Current.Nodes.SetItem(at, Current.Nodes[at] with { Telemetry = telemetry })));
            return true;
        }
    }

    private int IndexOf(NodeId node)
    {
        var nodes = Current.Nodes;
        for (var at = 0; at < nodes.Length; at++)
        {
            if (nodes[at].Description.Id == node)
            {
                return at;
            }
        }

        return -1;
    }

    private void Publish(ClusterSnapshot snapshot)
    {
        var before = _state;
        _state = new State(snapshot);
        before.Replaced.SetResult();
    }

    private sealed record State(ClusterSnapshot Snapshot)
    {
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
