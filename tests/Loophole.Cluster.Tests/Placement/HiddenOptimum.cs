using System.Collections.Immutable;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Tests.Placement;

/// <summary>A project with a placement hidden in it that is known to be good: every node has buses of its own, which fill it as much as any other, and from each satellite one sum crosses.</summary>
internal static class HiddenOptimum
{
    public static (PartitionRequest Request, NodeId[] Owners) Make(Random random, int channels, int satellites)
    {
        var nodes = Enumerable.Range(0, satellites + 1).Select(node => new PartitionNode(RandomRequest.Id(node + 1), 1, node == 0) { Speed = 1_000 * random.Next(1, 4) }).ToImmutableArray();
        var units = ImmutableArray.CreateBuilder<PartitionUnit>();
        var edges = ImmutableArray.CreateBuilder<PartitionEdge>();
        var owners = new List<NodeId>();
        // 0.7 of each node's time, in Channels of different costs, listed in an order that tells nothing.
        var parts = nodes.Select(node => Channels(random, 0.7 * node.Speed, Math.Max(1, channels / nodes.Length))).ToArray();
        var strips = parts.SelectMany((costs, node) => costs.Select(cost => (Cost: cost, Node: node))).ToArray();
        random.Shuffle(strips);
        var ofNode = nodes.Select(_ => new List<int>()).ToArray();
        foreach (var (cost, node) in strips)
        {
            ofNode[node].Add(Add($"channel:{units.Count}", cost, nodes[node], []));
        }

        var buses = ofNode.Select((mine, node) => Add($"bus:{node}", 0.01, nodes[node], [Sum($"bus:{node}", nodes[node], mine)])).ToArray();
        var output = Add("master", 0.01, nodes[0], buses);
        units[output] = units[output] with { IsHostOnly = true };
        return (new PartitionRequest { Graph = new PartitionGraph(units.ToImmutable(), edges.ToImmutable()), Nodes = nodes }, [.. owners]);

        int Sum(string name, PartitionNode node, List<int> feeders)
        {
            for (var level = 0; feeders.Count > 1; level++)
            {
                feeders = [.. feeders.Chunk(4).Select((four, at) => four.Length == 1 ? four[0] : Add($"sum:{name}:{level}:{at}", 0.01, node, four))];
            }

            return feeders[0];
        }

        int Add(string id, double cost, PartitionNode node, IEnumerable<int> feeders)
        {
            units.Add(new PartitionUnit(id, cost, false));
            owners.Add(node.Id);
            edges.AddRange(feeders.Select(feeder => new PartitionEdge(feeder, units.Count - 1, 2)));
            return units.Count - 1;
        }
    }

    private static double[] Channels(Random random, double total, int count)
    {
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => 0.3 + random.NextDouble())];
        return [.. weights.Select(weight => weight * total / weights.Sum())];
    }
}
