using System.Collections.Immutable;
using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Puts what has no input on the first satellite and all else on the host: everything crosses once.</summary>
internal sealed class LeavesAway : IPartitioner
{
    public PartitionPlan Partition(PartitionGraph graph, ImmutableArray<PartitionNode> nodes)
    {
        var (host, away) = (nodes.First(node => node.IsHost), nodes.First(node => !node.IsHost));
        return new PartitionPlan([.. graph.Units.Select((_, unit) => new PartitionOwner((graph.Edges.Any(edge => edge.To == unit) ? host : away).Id, 0))]);
    }
}
