using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Puts what has no input, or none but from what cannot leave the host, on the first satellite, and all else on the host: everything crosses once, inserts twice.</summary>
internal sealed class LeavesAway : IPartitioner
{
    public PartitionPlan Partition(PartitionRequest request)
    {
        var (graph, nodes) = (request.Graph, request.Nodes);
        var (host, away) = (nodes.First(node => node.IsHost), nodes.First(node => !node.IsHost));
        return new PartitionPlan([.. graph.Units.Select((_, unit) => new PartitionOwner((MayLeave(unit) ? away : host).Id, 0))]);

        bool MayLeave(int unit) => !graph.Units[unit].IsHostOnly && graph.Edges.Where(edge => edge.To == unit).All(edge => graph.Units[edge.From].IsHostOnly);
    }
}
