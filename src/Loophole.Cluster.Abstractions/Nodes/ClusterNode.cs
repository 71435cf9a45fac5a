namespace Loophole.Cluster.Nodes;

/// <summary>A Signal in a snapshot.</summary>
/// <param name="Description">What it said of itself.</param>
/// <param name="Health">What the registry believes.</param>
/// <param name="Reason">Why it is suspect, degraded or lost; empty otherwise.</param>
public sealed record ClusterNode(NodeDescription Description, NodeHealth Health, string Reason = "")
{
    /// <summary>What is proven of it.</summary>
    public NodeStanding Standing { get; init; } = NodeStanding.SameMachine;

    /// <summary>Whether it is in the session: neither lost nor left. [any]</summary>
    public bool IsPresent => Health is not (NodeHealth.Lost or NodeHealth.Left);

    /// <summary>How it was when it was last asked; <see langword="null"/> before that.</summary>
    public NodeTelemetry? Telemetry { get; init; }
}
