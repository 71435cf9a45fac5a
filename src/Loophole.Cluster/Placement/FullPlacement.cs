namespace Loophole.Cluster.Placement;

/// <summary>Places everything, as if nothing was placed yet.</summary>
internal static class FullPlacement
{
    /// <summary>Pieces that are contracted are a node's fair share divided by this at the most: few pieces keep together what belongs together, many can be balanced.</summary>
    private static readonly int[] PiecesPerNode = [4, 16];

    public static Assignment Make(PlacementModel model) => model.Request.Policy switch
    {
        DistributionPolicy.PreferLocal => Locally(model),
        DistributionPolicy.AggressiveOffload => Away(model),
        _ => Balanced(model, isHostOpen: true),
    };

    /// <summary>Moves to others what is more than the host has the capacity for: first what crosses least for what it spares.</summary>
    public static void Spill(Assignment assignment)
    {
        var (model, host) = (assignment.Model, assignment.Model.Host);
        var pieces = Contract(model, PiecesPerNode[^1], unit => assignment.NodeOf(unit) == host && !model.Limits.IsBound(unit));
        foreach (var piece in pieces.OrderBy(piece => Leaving(model, piece) / piece.Sum(unit => (double)model.Costs[unit])))
        {
            if (assignment.LoadOf(host) <= 1)
            {
                return;
            }

            _ = Improvement.Move(assignment, piece, assignment.Score);
        }
    }

    private static Assignment Balanced(PlacementModel model, bool isHostOpen)
    {
        Assignment? best = null;
        foreach (var perNode in PiecesPerNode)
        {
            var assignment = new Assignment(model, isHostOpen);
            PlaceBound(assignment);
            var pieces = Contract(model, perNode, unit => !model.Limits.IsBound(unit));
            Improvement.Place(assignment, pieces);
            Improvement.Run(assignment, pieces);
            Improvement.Run(assignment, [.. pieces.SelectMany(piece => piece).Order().Select(unit => new[] { unit })]);
            if (best is null || assignment.Score.IsBetterThan(best.Score))
            {
                best = assignment;
            }
        }

        ExactPlacement.Run(best!, isHostOpen);
        return best!;
    }

    private static Assignment Away(PlacementModel model)
    {
        var away = Balanced(model, isHostOpen: false);
        foreach (var unit in model.Topological.Where(unit => away.NodeOf(unit) != model.Host && model.Limits.Allows(unit, model.Host)))
        {
            ComeHome(away, unit);
        }

        // Where the others have too little capacity, the host helps after all.
        return away.Score.Peak > 1 && Balanced(model, isHostOpen: true) is var shared && shared.Score.IsBetterThan(away.Score) ? shared : away;
    }

    /// <summary>What joins the work of several nodes is better on the host, if that has less to do then: everything passes there anyway.</summary>
    private static void ComeHome(Assignment assignment, int unit)
    {
        var model = assignment.Model;
        var (node, before) = (assignment.NodeOf(unit), assignment.LoadOf(model.Host));
        if (!model.Read[unit].Any(signal => assignment.NodeOf(model.Signals[signal].Maker) is var maker && maker != node && maker != model.Host))
        {
            return;
        }

        assignment.Put(unit, model.Host);
        if (assignment.LoadOf(model.Host) > before)
        {
            assignment.Put(unit, node);
        }
    }

    private static Assignment Locally(PlacementModel model)
    {
        var assignment = new Assignment(model, isHostOpen: true);
        PlaceBound(assignment);
        for (var unit = 0; unit < model.Units.Length; unit++)
        {
            if (!model.Limits.IsBound(unit) && model.Limits.Allows(unit, model.Host))
            {
                assignment.Put(unit, model.Host);
            }
        }

        Improvement.Place(assignment, Contract(model, PiecesPerNode[^1], unit => assignment.NodeOf(unit) == Assignment.Nowhere));
        Spill(assignment);
        return assignment;
    }

    private static void PlaceBound(Assignment assignment)
    {
        var model = assignment.Model;
        Improvement.Place(assignment, Enumerable.Range(0, model.Units.Length).Where(model.Limits.IsBound).Select(unit => new[] { unit }));
    }

    private static int[][] Contract(PlacementModel model, int perNode, Func<int, bool> takesPart)
    {
        var cost = 0L;
        for (var unit = 0; unit < model.Units.Length; unit++)
        {
            cost += takesPart(unit) ? model.Costs[unit] : 0;
        }

        return UnitContraction.Contract(model, (double)cost / model.Nodes.Length / perNode, takesPart);
    }

    private static double Leaving(PlacementModel model, int[] piece)
    {
        var inside = piece.ToHashSet();
        return piece.SelectMany(unit => model.Made[unit].Where(signal => !model.Signals[signal].Readers.All(inside.Contains)).Concat(model.Read[unit].Where(signal => !inside.Contains(model.Signals[signal].Maker))))
            .Sum(signal => (double)model.Signals[signal].Crossing);
    }
}
