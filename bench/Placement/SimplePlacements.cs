using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;

namespace Loophole.Bench.Placement;

/// <summary>What one would do first.</summary>
internal static class SimplePlacements
{
    /// <summary>One unit after the other to one node after the other.</summary>
    public static Func<int, NodeId> InTurns(PartitionRequest request)
    {
        NodeId[] owners = [.. request.Graph.Units.Select((unit, at) => unit.IsHostOnly ? Host(request) : request.Nodes[at % request.Nodes.Length].Id)];
        return unit => owners[unit];
    }

    /// <summary>The most expensive first, to the node with the least to do for its capacity.</summary>
    public static Func<int, NodeId> ByCost(PartitionRequest request)
    {
        var owners = new NodeId[request.Graph.Units.Length];
        var loads = new double[request.Nodes.Length];
        foreach (var unit in Enumerable.Range(0, owners.Length).OrderByDescending(unit => request.Graph.Units[unit].Cost))
        {
            var node = request.Graph.Units[unit].IsHostOnly ? Array.FindIndex([.. request.Nodes], candidate => candidate.IsHost) : Array.IndexOf(loads, loads.Min());
            owners[unit] = request.Nodes[node].Id;
            loads[node] += request.Graph.Units[unit].Cost / (request.Nodes[node].Speed * request.Nodes[node].Workers);
        }

        return unit => owners[unit];
    }

    private static NodeId Host(PartitionRequest request) => request.Nodes.Single(node => node.IsHost).Id;
}
