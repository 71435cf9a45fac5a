namespace Loophole.Cluster.Placement;

/// <summary>Makes an assignment better by moving pieces, one at a time, and by exchanging two.</summary>
internal static class Improvement
{
    /// <summary>So often is every piece looked at; what is found later is not worth the time.</summary>
    private const int MostSweeps = 6;

    /// <summary>So often at the most is a unit moved to try whether that is better: a large graph is good without, and has to be placed in milliseconds too.</summary>
    private const int MostTries = 30_000;

    /// <summary>With more pieces than this, exchanging two is not tried: moving one is fine enough then.</summary>
    private const int MostToExchange = 96;

    /// <summary>Puts each piece where it is best, in order.</summary>
    public static void Place(Assignment assignment, IEnumerable<int[]> pieces)
    {
        var model = assignment.Model;
        foreach (var piece in pieces)
        {
            var (best, bestScore, added) = (model.Host, PlacementScore.Worst, model.LeastAdded(piece));
            for (var node = 0; node < model.Nodes.Length; node++)
            {
                if (assignment.HasRoom(node, added, bestScore.Peak) && assignment.Allows(piece, node))
                {
                    assignment.Put(piece, node);
                    var score = assignment.Score;
                    if (score.IsBetterThan(bestScore))
                    {
                        (best, bestScore) = (node, score);
                    }
                }
            }

            assignment.Put(piece, best);
        }
    }

    /// <summary>Moves and exchanges as long as that helps.</summary>
    /// <param name="assignment">What is improved; each piece is in one place.</param>
    /// <param name="pieces">What may be moved.</param>
    public static void Run(Assignment assignment, int[][] pieces)
    {
        var model = assignment.Model;
        int[][] movable = [.. pieces.Where(piece => Enumerable.Range(0, model.Nodes.Length).Count(node => assignment.Allows(piece, node)) > 1)];
        var score = assignment.Score;
        var sweeps = Math.Min(MostSweeps, MostTries / Math.Max(1, movable.Sum(piece => piece.Length) * model.Nodes.Length));
        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            var before = score;
            foreach (var piece in movable)
            {
                score = Move(assignment, piece, score);
            }

            if (!score.IsWorthItAfter(before) && (movable.Length > MostToExchange || !(score = Exchange(assignment, movable, score)).IsWorthItAfter(before)))
            {
                return;
            }
        }
    }

    /// <summary>Moves a piece to where it is best.</summary>
    /// <returns>How good it is then.</returns>
    public static PlacementScore Move(Assignment assignment, int[] piece, PlacementScore score)
    {
        var (best, added) = (assignment.NodeOf(piece[0]), assignment.Model.LeastAdded(piece));
        for (var node = 0; node < assignment.Model.Nodes.Length; node++)
        {
            if (node != best && assignment.HasRoom(node, added, score.Peak) && assignment.Allows(piece, node))
            {
                assignment.Put(piece, node);
                var tried = assignment.Score;
                if (tried.IsBetterThan(score))
                {
                    (best, score) = (node, tried);
                }
            }
        }

        assignment.Put(piece, best);
        return score;
    }

    private static PlacementScore Exchange(Assignment assignment, int[][] pieces, PlacementScore score)
    {
        for (var one = 0; one < pieces.Length; one++)
        {
            for (var two = one + 1; two < pieces.Length; two++)
            {
                var (a, b) = (assignment.NodeOf(pieces[one][0]), assignment.NodeOf(pieces[two][0]));
                if (a == b)
                {
                    continue;
                }

                assignment.Put(pieces[one], Assignment.Nowhere);
                assignment.Put(pieces[two], Assignment.Nowhere);
                var may = assignment.Allows(pieces[one], b) && assignment.Allows(pieces[two], a);
                assignment.Put(pieces[one], may ? b : a);
                assignment.Put(pieces[two], may ? a : b);
                if (may && assignment.Score.IsBetterThan(score))
                {
                    score = assignment.Score;
                    continue;
                }

                assignment.Put(pieces[one], a);
                assignment.Put(pieces[two], b);
            }
        }

        return score;
    }
}
