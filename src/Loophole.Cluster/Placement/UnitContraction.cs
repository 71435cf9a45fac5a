namespace Loophole.Cluster.Placement;

/// <summary>Joins units that feed only one other unit with it, as long as the joined piece stays small, so that a bus crosses a link as a few partial sums and not as all its Channels.</summary>
internal static class UnitContraction
{
    /// <summary>Contracts.</summary>
    /// <param name="model">What is placed.</param>
    /// <param name="largestCost">No joined piece costs more.</param>
    /// <param name="takesPart">Which units take part; the others are in no piece.</param>
    /// <returns>The pieces, the most expensive first: of each the units, ascending.</returns>
    public static int[][] Contract(PlacementModel model, double largestCost, Func<int, bool> takesPart)
    {
        long[] cost = [.. model.Costs];
        int[] head = [.. Enumerable.Range(0, model.Units.Length)];
        var joining = new List<int>();
        foreach (var unit in model.Topological)
        {
            if (!takesPart(unit))
            {
                continue;
            }

            // A unit takes in all that feeds only it, or nothing: half a sum at home would still let the other half cross one by one.
            joining.Clear();
            joining.AddRange(model.Read[unit].Select(signal => model.Signals[signal].Maker).Distinct().Where(feeder => takesPart(feeder) && FeedsOnly(model, feeder, unit)));
            var joined = cost[unit] + joining.Sum(feeder => cost[feeder]);
            if (joined > largestCost)
            {
                continue;
            }

            cost[unit] = joined;
            foreach (var feeder in joining)
            {
                head[feeder] = unit;
            }
        }

        // A head comes after what it took in, so one pass from the end finds the last head of each.
        for (var at = model.Topological.Length - 1; at >= 0; at--)
        {
            var unit = model.Topological[at];
            head[unit] = head[head[unit]];
        }

        return [.. Enumerable.Range(0, head.Length).Where(takesPart).GroupBy(unit => head[unit]).OrderByDescending(piece => cost[piece.Key]).ThenBy(piece => piece.Key).Select(piece => piece.ToArray())];
    }

    private static bool FeedsOnly(PlacementModel model, int feeder, int unit) =>
        model.Limits.KindOf(feeder) == model.Limits.KindOf(unit) && model.Made[feeder].All(signal => model.Signals[signal].Readers is [var only] && only == unit);
}
