using System.Collections.Immutable;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Planning;

/// <summary>Steps of a plan that become a subgraph.</summary>
/// <param name="Id">The subgraph's id.</param>
/// <param name="Node">Where it is rendered.</param>
/// <param name="Pace">When it is rendered.</param>
/// <param name="Steps">Their indexes, ascending.</param>
internal sealed record StepGroup(string Id, NodeId Node, RenderPace Pace, ImmutableArray<int> Steps);
