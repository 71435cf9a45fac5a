using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Planning;

/// <summary>Which assets a plan reads.</summary>
internal static class PlanMedia
{
    public static IReadOnlyCollection<MediaId> Of(SubgraphPlan plan) =>
        [.. plan.Steps.OfType<ChannelStep>()
            .SelectMany(step => step.Nodes)
            .Select(node => node.Node)
            .OfType<LaneStreamNode>()
            .SelectMany(lane => lane.Regions)
            .Select(region => region.Media)
            .Distinct()];
}
