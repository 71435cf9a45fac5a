using System.Collections.Immutable;
using Loophole.Cluster.Endpoint;
using Loophole.Cluster.Membership;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Settings;
using Loophole.Cluster.Trust;

namespace Loophole.Pulse;

/// <summary>What <c>cluster --json</c> prints.</summary>
/// <param name="IsServed">Whether a Pulse is served; if not, all that is known is what is set.</param>
/// <param name="Settings">What is set.</param>
/// <param name="Project">The project that is served.</param>
/// <param name="Policy">How much of it leaves the host now.</param>
/// <param name="TakenBack">Nodes from which work was taken back.</param>
/// <param name="Nodes">Who is in the session.</param>
/// <param name="Candidates">Who was found and is not, and why.</param>
internal sealed record ClusterReport(
    bool IsServed,
    ClusterSettings Settings,
    string? Project = null,
    DistributionPolicy? Policy = null,
    ImmutableArray<string>? TakenBack = null,
    ImmutableArray<ClusterNodeReport>? Nodes = null,
    ImmutableArray<CandidateReport>? Candidates = null)
{
    public static ClusterReport Of(ClusterStatus status) => new(
        true, status.Settings, status.Project, status.Policy, status.TakenBack, [.. status.Cluster.Nodes.Select(ClusterNodeReport.Of)], [.. status.Candidates.Select(CandidateReport.Of)]);
}

/// <summary>A node of the session. What it says of itself is a claim; trust and fingerprint are proven.</summary>
internal sealed record ClusterNodeReport(
    string Name,
    string Id,
    NodeRole Role,
    PeerKind Kind,
    NodeHealth Health,
    string Reason,
    PeerState? Trust,
    string? Fingerprint,
    ImmutableArray<Uri> EndPoints,
    int Cores,
    int Workers,
    long MemoryBytes,
    HardwareProfile Hardware,
    ImmutableArray<NodePlugin>? Plugins,
    NodeTelemetry? Telemetry)
{
    public static ClusterNodeReport Of(ClusterNode node) => new(
        node.Description.Name,
        node.Description.Id.ToString(),
        node.Description.Role,
        node.Standing.Kind,
        node.Health,
        node.Reason,
        node.Standing.Trust,
        node.Standing.Fingerprint?.Hex,
        node.Description.EndPoints,
        node.Description.Cores,
        node.Description.Workers,
        node.Description.MemoryBytes,
        node.Description.Hardware,
        node.Description.Plugins,
        node.Telemetry);
}

/// <summary>A node that was found and is not in the session.</summary>
internal sealed record CandidateReport(string Name, string? Id, ImmutableArray<Uri> EndPoints, string Reason, DateTimeOffset? NextAttempt)
{
    public static CandidateReport Of(NodeCandidate candidate) => new(candidate.Name, candidate.Id?.ToString(), candidate.EndPoints, candidate.Reason, candidate.NextAttempt);
}
