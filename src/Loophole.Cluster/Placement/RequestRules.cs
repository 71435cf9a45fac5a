using System.Collections.Immutable;

namespace Loophole.Cluster.Placement;

/// <summary>What a <see cref="PartitionRequest"/> has to be.</summary>
internal static class RequestRules
{
    /// <summary>As much of a node's capacity can stay free.</summary>
    public const double MostHeadroom = 0.9;

    /// <summary>Whether a part of every node's capacity can be left free. [any]</summary>
    public static bool IsHeadroom(double headroom) => headroom is >= 0 and <= MostHeadroom;

    /// <summary>Whether a node can be so fast. [any]</summary>
    public static bool IsSpeed(double speed) => speed is > 0 and <= PartitionNode.MostSpeed;

    /// <exception cref="ArgumentException">It is not.</exception>
    public static void Check(PartitionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Require(IsHeadroom(request.Headroom), $"The headroom is {request.Headroom}; it is 0 to {MostHeadroom}.");
        Require(Enum.IsDefined(request.Policy), $"There is no policy {request.Policy}.");
        CheckNodes(request.Nodes);
        CheckGraph(request.Graph);
    }

    private static void CheckNodes(ImmutableArray<PartitionNode> nodes)
    {
        Require(nodes.Count(node => node.IsHost) == 1, "Exactly one node is the host.");
        Require(nodes.DistinctBy(node => node.Id).Count() == nodes.Length, "Every node has an id of its own.");
        foreach (var node in nodes)
        {
            Require(node.Workers > 0, $"{node.Name} has {node.Workers} workers; a node has 1 or more.");
            Require(IsSpeed(node.Speed), $"{node.Name} has a speed of {node.Speed}; it is above 0, at most {PartitionNode.MostSpeed}.");
            Require(node.MemoryBytes >= 0, $"{node.Name} has {node.MemoryBytes} bytes of memory.");
            Require(!node.IsHost || node.Exclusion is null, "The host is not to be excluded.");
        }
    }

    private static void CheckGraph(PartitionGraph graph)
    {
        Require(graph.Units.DistinctBy(unit => unit.Id).Count() == graph.Units.Length, "Every unit has an id of its own.");
        foreach (var unit in graph.Units)
        {
            Require(unit.Cost is > 0 and <= PartitionUnit.MostCost, $"Unit \"{unit.Id}\" costs {unit.Cost}; a cost is above 0, at most {PartitionUnit.MostCost}.");
            Require(unit.MemoryBytes >= 0, $"Unit \"{unit.Id}\" takes {unit.MemoryBytes} bytes of memory.");
        }

        foreach (var edge in graph.Edges)
        {
            Require(edge.From >= 0 && edge.From < edge.To && edge.To < graph.Units.Length, $"An edge goes from unit {edge.From} to {edge.To}: every edge goes to a higher index.");
            Require(edge.AudioChannels > 0, $"An edge from unit {edge.From} to {edge.To} has {edge.AudioChannels} audio channels; it has 1 or more.");
        }
    }

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new ArgumentException(otherwise);
        }
    }
}
