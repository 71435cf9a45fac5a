using System.Collections.Immutable;
using Loophole.Cluster.Placement;

namespace Loophole.Pulse;

/// <summary>What <c>plan --json</c> prints.</summary>
/// <param name="Policy">How much was to leave the host.</param>
/// <param name="HasReserve">Whether the busiest satellite can be lost.</param>
/// <param name="Nodes">The nodes, with what they would have to do.</param>
/// <param name="Units">Every step of the plan.</param>
/// <param name="Refusals">What was not possible.</param>
internal sealed record PlanReport(DistributionPolicy Policy, bool HasReserve, ImmutableArray<PlanNodeReport> Nodes, ImmutableArray<PlanUnitReport> Units, ImmutableArray<PlanRefusalReport> Refusals);

/// <summary>A node in a <see cref="PlanReport"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsHost">Whether it is the host.</param>
/// <param name="Workers">Its render threads.</param>
/// <param name="Load">Part of their time that it is asked for.</param>
/// <param name="Units">How many steps it has.</param>
/// <param name="MemoryBytes">Memory that they take.</param>
/// <param name="AudioChannels">Audio channels that cross its links.</param>
internal sealed record PlanNodeReport(string Name, bool IsHost, int Workers, double Load, int Units, long MemoryBytes, int AudioChannels);

/// <summary>A step in a <see cref="PlanReport"/>.</summary>
/// <param name="Id">The step.</param>
/// <param name="Cost">Its cost; a stereo fader is 1.</param>
/// <param name="DeclaredCost">What its processors declare.</param>
/// <param name="IsLearnt">Whether the cost was learnt, in part at least.</param>
/// <param name="Node">Where it would run.</param>
/// <param name="Worker">On which of its render threads, from 0.</param>
/// <param name="Reason">Why.</param>
internal sealed record PlanUnitReport(string Id, double Cost, double DeclaredCost, bool IsLearnt, string Node, int Worker, string Reason);

/// <summary>Something that was not possible.</summary>
/// <param name="Unit">The step, or <see langword="null"/> for all.</param>
/// <param name="Node">The node, or <see langword="null"/> for one that is not there, or for all of them.</param>
/// <param name="Reason">Why.</param>
internal sealed record PlanRefusalReport(string? Unit, string? Node, string Reason);
