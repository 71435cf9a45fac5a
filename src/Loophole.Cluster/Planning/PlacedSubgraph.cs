using System.Collections.Immutable;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Planning;

/// <summary>A subgraph and where it runs.</summary>
/// <param name="Plan">What is rendered.</param>
/// <param name="Node">The Signal.</param>
/// <param name="Work">What it costs by kind, as declared.</param>
/// <param name="ChannelIds">The Channels in it, for reports.</param>
/// <param name="Pace">When it is rendered. At most one is live: it makes the output, and nobody hears it but inserts.</param>
public sealed record PlacedSubgraph(SubgraphPlan Plan, NodeId Node, ImmutableArray<KindCost> Work, ImmutableArray<string> ChannelIds, RenderPace Pace)
{
    /// <summary>The plugins that its steps need, each once, as <see cref="GlobalPlan.Plugins"/> has them.</summary>
    public ImmutableArray<string> Plugins { get; init; } = [];
}
