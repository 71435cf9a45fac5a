namespace Loophole.Cluster.Placement;

/// <summary>Shares the units of a node among its workers: what belongs together stays together, the most expensive first to the worker with the least to do.</summary>
internal static class WorkerShares
{
    /// <summary>A piece is a worker's fair share divided by this at the most.</summary>
    private const int PiecesPerWorker = 4;

    /// <summary>Says which worker has each unit.</summary>
    public static int[] Of(Assignment assignment)
    {
        var model = assignment.Model;
        var workerOf = new int[model.Units.Length];
        for (var node = 0; node < model.Nodes.Length; node++)
        {
            var loads = new long[model.Nodes[node].Workers];
            if (loads.Length > 1 && assignment.UnitsOn(node) > 0)
            {
                Share(assignment, node, loads, workerOf);
            }
        }

        return workerOf;
    }

    private static void Share(Assignment assignment, int node, long[] loads, int[] workerOf)
    {
        var model = assignment.Model;
        var total = 0L;
        for (var unit = 0; unit < workerOf.Length; unit++)
        {
            if (assignment.NodeOf(unit) == node)
            {
                total += model.Costs[unit];
                // What has to be on the host reads from each other: it is all the first worker's.
                loads[0] += model.Units[unit].IsHostOnly ? model.Costs[unit] : 0;
            }
        }

        foreach (var piece in UnitContraction.Contract(model, (double)total / loads.Length / PiecesPerWorker, unit => assignment.NodeOf(unit) == node && !model.Units[unit].IsHostOnly))
        {
            var least = Array.IndexOf(loads, loads.Min());
            foreach (var unit in piece)
            {
                workerOf[unit] = least;
                loads[least] += model.Costs[unit];
            }
        }
    }
}
