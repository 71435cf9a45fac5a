using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Sessions;

/// <summary>How what a node renders of one subgraph has come to the host since the last report.</summary>
/// <param name="Node">The node.</param>
/// <param name="Link">How it has come.</param>
/// <param name="HasJustBegun">Whether the assignment is a new one.</param>
internal sealed record MeasuredLink(NodeId Node, LinkTelemetry Link, bool HasJustBegun);
