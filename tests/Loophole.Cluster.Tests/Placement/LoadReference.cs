using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Tests.Placement;

/// <summary>What a placement costs each node, by the words of the decision record and nothing of the partitioner's code.</summary>
internal static class LoadReference
{
    /// <summary>Of half a stereo fader per audio channel and end.</summary>
    private const double Crossing = 0.5;

    /// <summary>Part of its workers' time that the busiest node needs.</summary>
    public static double Peak(PartitionRequest request, Func<int, NodeId> nodeOf) => request.Nodes.Max(node => Load(request, nodeOf, node));

    public static double Load(PartitionRequest request, Func<int, NodeId> nodeOf, PartitionNode node)
    {
        var graph = request.Graph;
        var host = request.Nodes.Single(candidate => candidate.IsHost).Id;
        var cost = graph.Units.Where((_, unit) => nodeOf(unit) == node.Id).Sum(unit => unit.Cost);
        foreach (var signal in graph.Edges.GroupBy(edge => (edge.From, edge.Signal)))
        {
            var maker = nodeOf(signal.Key.From);
            var readers = signal.Select(edge => nodeOf(edge.To)).Where(reader => reader != maker).ToHashSet();
            if (readers.Count == 0)
            {
                continue;
            }

            // Every pair of ends by which it goes: to the host, and from there to each other reader.
            var hops = new List<NodeId>();
            if (maker != host)
            {
                hops.AddRange([maker, host]);
            }

            foreach (var reader in readers.Where(reader => reader != host))
            {
                hops.AddRange([host, reader]);
            }

            cost += hops.Count(end => end == node.Id) * Crossing * signal.Max(edge => edge.AudioChannels);
        }

        return cost / (node.Speed * node.Workers);
    }
}
