namespace Loophole.Cluster.Placement;

/// <summary>Finds the best assignment of few units by looking at all that could be better than the best known one.</summary>
internal sealed class ExactPlacement
{
    private const int MostUnits = 16;

    /// <summary>So many steps at the most; with these numbers of units and nodes they nearly always suffice.</summary>
    private const int MostSteps = 200_000;

    /// <summary>What is better by less is not better.</summary>
    private const double LeastGain = 1 - 1e-6;

    private readonly PlacementModel _model;
    private readonly int[] _order;
    private readonly long[] _restAfter;
    private readonly Assignment _tried;
    private readonly int[] _best;
    private PlacementScore _bestScore;
    private int _steps;

    private ExactPlacement(Assignment known, bool isHostOpen)
    {
        var model = _model = known.Model;
        _order = [.. Enumerable.Range(0, model.Units.Length).OrderByDescending(unit => model.Costs[unit]).ThenBy(unit => unit)];
        _restAfter = new long[_order.Length + 1];
        for (var at = _order.Length - 1; at >= 0; at--)
        {
            _restAfter[at] = _restAfter[at + 1] + model.Costs[_order[at]];
        }

        _tried = new Assignment(model, isHostOpen);
        _best = [.. Enumerable.Range(0, model.Units.Length).Select(known.NodeOf)];
        _bestScore = known.Score;
    }

    /// <summary>Makes an assignment the best there is, where there are few units; otherwise leaves it as it is.</summary>
    public static void Run(Assignment assignment, bool isHostOpen)
    {
        if (assignment.Model.Units.Length > MostUnits)
        {
            return;
        }

        var search = new ExactPlacement(assignment, isHostOpen);
        search.Step(0);
        for (var unit = 0; unit < search._best.Length; unit++)
        {
            assignment.Put(unit, search._best[unit]);
        }
    }

    private void Step(int at)
    {
        // What is not placed yet can only add to this: to what each node has, and to what all have together.
        var score = _tried.Score;
        if (++_steps > MostSteps || Math.Max(score.Peak, Average(at)) >= _bestScore.Peak * LeastGain)
        {
            return;
        }

        if (at == _order.Length)
        {
            _bestScore = score;
            for (var unit = 0; unit < _best.Length; unit++)
            {
                _best[unit] = _tried.NodeOf(unit);
            }

            return;
        }

        Span<int> unitHere = [_order[at]];
        for (var node = 0; node < _model.Nodes.Length; node++)
        {
            if (_tried.Allows(unitHere, node))
            {
                _tried.Put(_order[at], node);
                Step(at + 1);
                _tried.Put(_order[at], Assignment.Nowhere);
            }
        }
    }

    private double Average(int at)
    {
        var (loads, capacities) = ((double)_restAfter[at], 0.0);
        for (var node = 0; node < _model.Nodes.Length; node++)
        {
            loads += _tried.LoadOf(node) * _model.Capacities[node];
            capacities += _model.Capacities[node];
        }

        return loads / capacities;
    }
}
