using System.Collections.Immutable;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;

namespace Loophole.Cluster.Tests.Placement;

/// <summary>Requests by chance.</summary>
internal static class RandomRequest
{
    public static NodeId Id(int number) => new(new Guid(number, 0, 0, new byte[8]));

    /// <summary>A host and satellites, some faster than others.</summary>
    public static ImmutableArray<PartitionNode> Nodes(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(node => new PartitionNode(Id(node + 1), random.Next(1, 3), node == 0) { Speed = 100 * random.Next(1, 4), Name = $"node {node}" })];

    public static PartitionGraph Graph(Random random, int units)
    {
        var made = Enumerable.Range(0, units).Select(unit => new PartitionUnit($"u{unit}", random.Next(1, 40) / 2.0, random.Next(8) == 0)).ToImmutableArray();
        var edges = Enumerable.Range(1, units - 1).SelectMany(to => Enumerable.Range(0, random.Next(3)).Select(_ => (From: random.Next(to), To: to, Signal: random.Next(2)))).Distinct();
        return new PartitionGraph(made, [.. edges.Select(edge => new PartitionEdge(edge.From, edge.To, 1 + edge.Signal, edge.Signal))]);
    }

    /// <summary>As a project is: Channels of many costs, in buses, summed by fours, all in the end on the host.</summary>
    public static PartitionGraph Project(Random random, int channels, int busSize)
    {
        var units = ImmutableArray.CreateBuilder<PartitionUnit>();
        var edges = ImmutableArray.CreateBuilder<PartitionEdge>();
        var buses = new List<int>();
        for (var first = 0; first < channels; first += busSize)
        {
            var strips = Enumerable.Range(first, Math.Min(busSize, channels - first)).Select(channel => Add($"channel:{channel}", random.Next(4, 60), [])).ToList();
            buses.Add(Add($"bus:{first}", 8, [Sum($"bus:{first}", strips)]));
        }

        var output = Add("master", 10, [Sum("master", buses)]);
        units[output] = units[output] with { IsHostOnly = true };
        return new PartitionGraph(units.ToImmutable(), edges.ToImmutable());

        int Sum(string name, List<int> feeders)
        {
            for (var level = 0; feeders.Count > 1; level++)
            {
                feeders = [.. feeders.Chunk(4).Select((four, at) => four.Length == 1 ? four[0] : Add($"sum:{name}:{level}:{at}", 0.25 * four.Length, four))];
            }

            return feeders[0];
        }

        int Add(string id, double cost, IEnumerable<int> feeders)
        {
            units.Add(new PartitionUnit(id, cost, false));
            edges.AddRange(feeders.Select(feeder => new PartitionEdge(feeder, units.Count - 1, 2)));
            return units.Count - 1;
        }
    }
}
