namespace Loophole.Cluster.Placement;

/// <summary>Joins units that feed only one other unit with it, as long as the joined piece stays small.</summary>
internal static class UnitContraction
{
    /// <summary>A set of units placed together.</summary>
    /// <param name="Units">Unit indexes, ascending.</param>
    /// <param name="Cost">Sum of their costs.</param>
    /// <param name="IsHostOnly">Whether any of them is.</param>
    /// <param name="Feeders">The pieces that feed it, with the audio channels of each edge.</param>
    public sealed record Piece(IReadOnlyList<int> Units, double Cost, bool IsHostOnly, IReadOnlyList<(int Piece, int AudioChannels)> Feeders);

    /// <summary>Contracts; pieces come in topological order.</summary>
    public static IReadOnlyList<Piece> Contract(PartitionGraph graph, double largestCost)
    {
        var count = graph.Units.Length;
        var feeders = graph.Edges.ToLookup(edge => edge.To);
        var readers = graph.Edges.ToLookup(edge => edge.From, edge => edge.To);
        var cost = graph.Units.Select(unit => unit.Cost).ToArray();
        var head = Enumerable.Range(0, count).ToArray();

        // A unit takes in all that feeds only it, or nothing: half a sum at home would still let the other half cross one by one.
        for (var unit = 0; unit < count; unit++)
        {
            var joining = feeders[unit].Select(edge => edge.From).Distinct().Where(feeder => readers[feeder].Distinct().Count() == 1 && !graph.Units[feeder].IsHostOnly).ToArray();
            var joined = cost[unit] + joining.Sum(feeder => cost[feeder]);
            if (graph.Units[unit].IsHostOnly || joined > largestCost)
            {
                continue;
            }

            cost[unit] = joined;
            foreach (var feeder in joining)
            {
                head[feeder] = unit;
            }
        }

        // A head has a higher index than what it took in, so one pass from the top finds the last head of each.
        for (var unit = count - 1; unit >= 0; unit--)
        {
            head[unit] = head[head[unit]];
        }

        var pieceOf = new Dictionary<int, int>();
        var heads = Enumerable.Range(0, count).Where(unit => head[unit] == unit).ToArray();
        foreach (var unit in heads)
        {
            pieceOf.Add(unit, pieceOf.Count);
        }

        var members = Enumerable.Range(0, count).ToLookup(unit => head[unit]);
        return [.. heads.Select(unit => new Piece(
            [.. members[unit]],
            cost[unit],
            graph.Units[unit].IsHostOnly,
            [.. members[unit].SelectMany(member => feeders[member]).Where(edge => head[edge.From] != unit).Select(edge => (pieceOf[head[edge.From]], edge.AudioChannels))]))];
    }
}
