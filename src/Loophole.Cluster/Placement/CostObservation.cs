using System.Collections.Immutable;
using Loophole.Cluster.Planning;

namespace Loophole.Cluster.Placement;

/// <summary>What a subgraph has rendered in a while, and how long that took.</summary>
/// <param name="Work">What it has rendered by kind: declared cost, times the seconds of audio.</param>
/// <param name="Seconds">What one thread took for it.</param>
public sealed record CostObservation(ImmutableArray<KindCost> Work, double Seconds);
