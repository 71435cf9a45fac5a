namespace Loophole.Cluster.Placement;

/// <summary>Places what has no place any more, and moves little else: every move costs a checkpoint and a replay.</summary>
internal static class Replacement
{
    /// <summary>A change of a node's load by less than this part of it is none.</summary>
    private const double LeastChange = 0.1;

    /// <summary>Nor is one by less than this part of the node's time.</summary>
    private const double LeastLoad = 0.005;

    /// <summary>So much better than this must a plan from scratch be, before anything that could stay is moved.</summary>
    private const double Tolerated = 1.1;

    /// <summary>Where moving one by one does not lead this close to it, everything is placed anew.</summary>
    private const double MostTolerated = 1.25;

    public static Assignment Make(PlacementModel model, PreviousPlacement previous)
    {
        if (model.Request.Policy != DistributionPolicy.AggressiveOffload)
        {
            return Make(model, previous, isHostOpen: true);
        }

        // Where the others have too little capacity, the host helps after all.
        var away = Make(model, previous, isHostOpen: false);
        return away.Score.Peak > 1 && Make(model, previous, isHostOpen: true) is var shared && shared.Score.IsBetterThan(away.Score) ? shared : away;
    }

    private static Assignment Make(PlacementModel model, PreviousPlacement previous, bool isHostOpen)
    {
        var assignment = new Assignment(model, isHostOpen);
        var (orphans, isAnyLost) = Keep(assignment, previous);
        if (orphans.Count == 0 && IsQuiet(assignment, previous))
        {
            return assignment;
        }

        Improvement.Place(assignment, UnitContraction.Contract(model, (double)orphans.Sum(unit => model.Costs[unit]) / model.Nodes.Length / 4, orphans.Contains));
        if (isAnyLost)
        {
            // The work of a lost node is enough to move at once.
            return assignment;
        }

        if (model.Request.Policy == DistributionPolicy.PreferLocal)
        {
            FullPlacement.Spill(assignment);
            return assignment;
        }

        var anew = FullPlacement.Make(model);
        Rebalance(assignment, Tolerated * anew.Score.Peak);
        return assignment.Score.Peak > MostTolerated * anew.Score.Peak ? anew : assignment;
    }

    /// <summary>Leaves everything where it is, as far as that can be. Once somebody has come, what stood on the host for want of somebody else does not stay there if it is closed.</summary>
    /// <returns>What has no place, and whether a node is gone that had some of it.</returns>
    private static (HashSet<int> Orphans, bool IsAnyLost) Keep(Assignment assignment, PreviousPlacement previous)
    {
        var model = assignment.Model;
        var nodes = Enumerable.Range(0, model.Nodes.Length).Where(node => model.Nodes[node].Exclusion is null).ToDictionary(node => model.Nodes[node].Id);
        var hasSomebodyCome = nodes.Keys.Any(node => !previous.Loads.ContainsKey(node));
        var orphans = new HashSet<int>();
        var isAnyLost = false;
        for (var unit = 0; unit < model.Units.Length; unit++)
        {
            var isKnown = previous.Owners.TryGetValue(model.Units[unit].Id, out var owner);
            if (isKnown && nodes.TryGetValue(owner.Node, out var node) && (hasSomebodyCome ? assignment.MayBe(unit, node) : model.Limits.Allows(unit, node)))
            {
                assignment.Put(unit, node);
                continue;
            }

            orphans.Add(unit);
            isAnyLost |= isKnown && !nodes.ContainsKey(owner.Node);
        }

        return (orphans, isAnyLost);
    }

    private static bool IsQuiet(Assignment assignment, PreviousPlacement previous)
    {
        var model = assignment.Model;
        for (var node = 0; node < model.Nodes.Length; node++)
        {
            if (model.Nodes[node].Exclusion is null && (!previous.Loads.TryGetValue(model.Nodes[node].Id, out var before) || Math.Abs(PlacementReport.LoadOf(assignment, node) - before) >= Math.Max(LeastLoad, LeastChange * before)))
            {
                return false;
            }
        }

        return true;
    }

    private static void Rebalance(Assignment assignment, double goal)
    {
        var model = assignment.Model;
        for (var (round, score) = (0, assignment.Score); round < 8 * model.Nodes.Length && score.Peak > goal; round++)
        {
            var peak = Enumerable.Range(0, model.Nodes.Length).MaxBy(assignment.LoadOf);
            var before = score;
            foreach (var unit in Enumerable.Range(0, model.Units.Length).Where(unit => assignment.NodeOf(unit) == peak && !model.Limits.IsBound(unit)).OrderByDescending(unit => model.Costs[unit]).ThenBy(unit => model.Units[unit].MemoryBytes).ToArray())
            {
                score = Improvement.Move(assignment, [unit], score);
                if (score.Peak <= goal || assignment.LoadOf(peak) < score.Peak)
                {
                    break;
                }
            }

            if (!score.IsBetterThan(before))
            {
                return;
            }
        }
    }
}
