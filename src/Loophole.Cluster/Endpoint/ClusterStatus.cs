using System.Collections.Immutable;
using Loophole.Cluster.Membership;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Settings;

namespace Loophole.Cluster.Endpoint;

/// <summary>How a cluster is, and what is set about it.</summary>
/// <param name="Settings">What is set.</param>
/// <param name="Project">The project that is served, or <see langword="null"/>.</param>
/// <param name="Policy">How much of it leaves the host now.</param>
/// <param name="TakenBack">Names of the nodes from which work was taken back, in order.</param>
/// <param name="Cluster">Who is in the session.</param>
/// <param name="Candidates">Who was found and is not, and why.</param>
public sealed record ClusterStatus(
    ClusterSettings Settings, string? Project, DistributionPolicy Policy, ImmutableArray<string> TakenBack, ClusterSnapshot Cluster, ImmutableArray<NodeCandidate> Candidates);
