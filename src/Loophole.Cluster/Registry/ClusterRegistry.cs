using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Registry;

/// <summary>The registry beside Pulse: immutable, versioned snapshots.</summary>
public sealed class ClusterRegistry : IClusterRegistry
{
    /// <summary>Signals that are lost or left and still told of.</summary>
    private const int MostDeparted = 64;

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
    public bool Register(NodeDescription node, NodeStanding standing)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(standing);
        lock (_gate)
        {
            var nodes = Current.Nodes;
            var at = IndexOf(node.Id);
            if (at >= 0 && nodes[at].IsPresent)
            {
                return false;
            }

            var joined = new ClusterNode(node, NodeHealth.Joining) { Standing = standing };
            Publish(new ClusterSnapshot(Current.Version + 1, at < 0 ? Kept(nodes).Add(joined) : nodes.SetItem(at, joined)));
            return true;
        }
    }

    /// <inheritdoc/>
    public bool Report(NodeId node, NodeHealth health, string reason = "")
    {
        lock (_gate)
        {
            var at = IndexOf(node);
            if (at < 0 || !Current.Nodes[at].IsPresent || (Current.Nodes[at].Health == health && Current.Nodes[at].Reason == reason))
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
            if (at < 0 || !Current.Nodes[at].IsPresent)
            {
                return false;
            }

            Publish(new ClusterSnapshot(Current.Version + 1, Current.Nodes.SetItem(at, Current.Nodes[at] with { Telemetry = telemetry })));
            return true;
        }
    }

    /// <summary>Without the earliest that has departed, when there are enough of them.</summary>
    private static ImmutableArray<ClusterNode> Kept(ImmutableArray<ClusterNode> nodes) =>
        nodes.Count(node => !node.IsPresent) < MostDeparted ? nodes : nodes.Remove(nodes.First(node => !node.IsPresent));

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
