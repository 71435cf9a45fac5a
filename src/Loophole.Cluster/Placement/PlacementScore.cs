namespace Loophole.Cluster.Placement;

/// <summary>How good an assignment is: the load of the node with the most to do, and among equals, how evenly all the rest is spread and how little crosses.</summary>
/// <param name="Peak">Part of its capacity that the busiest node is asked for; <see cref="PlacementModel.LeastPeak"/> for less.</param>
/// <param name="Squares">Sum of the squares of all nodes' parts, less what can run nowhere else.</param>
internal readonly record struct PlacementScore(double Peak, double Squares)
{
    /// <summary>Differences below are none: they come from rounding.</summary>
    private const double Least = 1e-9;

    /// <summary>What is better by less is not worth another look at everything.</summary>
    private const double Worth = 1e-3;

    public static PlacementScore Worst => new(double.PositiveInfinity, double.PositiveInfinity);

    /// <summary>Whether what was done since another score was worth the time.</summary>
    public bool IsWorthItAfter(PlacementScore before) => Peak < before.Peak * (1 - Worth) || Squares < before.Squares * (1 - Worth);

    public bool IsBetterThan(PlacementScore other)
    {
        var least = Least * Math.Max(Peak, Least);
        return Peak < other.Peak - least || (Peak <= other.Peak + least && Squares < other.Squares - (least * Math.Max(Peak, Least)));
    }
}
