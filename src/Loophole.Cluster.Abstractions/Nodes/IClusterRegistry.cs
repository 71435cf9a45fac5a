namespace Loophole.Cluster.Nodes;

/// <summary>Knows which Signals there are and how they are. One per cluster, beside Pulse. Safe for concurrent use.</summary>
public interface IClusterRegistry
{
    /// <summary>The latest snapshot; never blocks. [any]</summary>
    ClusterSnapshot Current { get; }

    /// <summary>Each snapshot newer than a version; a slow reader skips to the latest. [any]</summary>
    /// <param name="afterVersion">The version the caller has already, or −1 to get the current one at once.</param>
    /// <param name="cancellationToken">Ends the sequence with <see cref="OperationCanceledException"/>.</param>
    /// <returns>Snapshots with growing versions.</returns>
    IAsyncEnumerable<ClusterSnapshot> WatchAsync(long afterVersion, CancellationToken cancellationToken = default);

    /// <summary>Adds a Signal, which is <see cref="NodeHealth.Joining"/> until somebody reports otherwise. Of those that are lost or left only so many are kept that the registry
    /// does not grow for ever, the latest. [any]</summary>
    /// <param name="node">What it said of itself.</param>
    /// <param name="standing">What is proven of it.</param>
    /// <returns>Whether it was added; <see langword="false"/> when a Signal with this id is already there and not lost or left.</returns>
    bool Register(NodeDescription node, NodeStanding standing);

    /// <summary>Says how a Signal is. Lost and left are final: a later report changes nothing. [any]</summary>
    /// <param name="node">The Signal.</param>
    /// <param name="health">How it is.</param>
    /// <param name="reason">Why, in words.</param>
    /// <returns>Whether anything changed.</returns>
    bool Report(NodeId node, NodeHealth health, string reason = "");

    /// <summary>Takes note of how a Signal was. [any]</summary>
    /// <param name="node">The Signal.</param>
    /// <param name="telemetry">How it was.</param>
    /// <returns>Whether it is there, and not lost or left.</returns>
    bool Observe(NodeId node, NodeTelemetry telemetry);
}
