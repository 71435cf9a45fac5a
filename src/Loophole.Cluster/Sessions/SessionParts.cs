using Loophole.Cluster.Media;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Telemetry;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Sessions;

/// <summary>What a session is made of.</summary>
/// <param name="Plan">What is played or rendered.</param>
/// <param name="Project">Its name for trust rules, or <see langword="null"/>.</param>
/// <param name="Policy">How much leaves the host.</param>
/// <param name="Wishes">Where the user wants what.</param>
/// <param name="Format">What all Signals agree on.</param>
/// <param name="ReactionFrames">How far ahead of what is heard a change takes effect at the least.</param>
/// <param name="Signals">Who takes part; one of them is the host.</param>
/// <param name="Registry">Where they are registered.</param>
/// <param name="Partitioner">Who places the work.</param>
/// <param name="Costs">What is learnt of costs.</param>
/// <param name="Media">Holds every asset.</param>
/// <param name="TokenLifetime">How long the host may take to reach a node.</param>
/// <param name="Logger">For logs.</param>
/// <param name="Metrics">For metrics.</param>
/// <param name="Time">The clock.</param>
internal sealed record SessionParts(
    GlobalPlan Plan,
    string? Project,
    DistributionPolicy Policy,
    PlacementWishes Wishes,
    SessionFormat Format,
    int ReactionFrames,
    IReadOnlyList<RemoteSignal> Signals,
    IClusterRegistry Registry,
    IPartitioner Partitioner,
    CostBook Costs,
    IMediaStore Media,
    TimeSpan TokenLifetime,
    ILogger Logger,
    SessionMetrics Metrics,
    TimeProvider Time);
