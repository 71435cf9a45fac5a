using System.Collections.Immutable;
using Loophole.Cluster.Planning;

namespace Loophole.Cluster.Placement;

/// <summary>What was learnt on one class of machines: how many times what it declares each kind costs. Immutable.</summary>
/// <param name="Machine">The class.</param>
/// <param name="Factors">By kind. Their product stays 1: what one kind gains the others lose.</param>
internal sealed record ClassCosts(string Machine, ImmutableSortedDictionary<string, double> Factors)
{
    /// <summary>No kind costs more than so many times what it declares, nor less than this part of it.</summary>
    public const double MostFactor = 256;

    /// <summary>So many kinds are remembered.</summary>
    public const int MostKinds = 512;

    /// <summary>No kind that is remembered has a longer name.</summary>
    public const int MostCharacters = 256;

    /// <summary>How much of what would explain a report it moves.</summary>
    private const double Step = 0.4;

    /// <summary>As a logarithm: nothing counts as further off, whatever it took.</summary>
    private const double MostSurprise = 0.7;

    /// <summary>What took less says more of the clock, and of who else ran, than of what was rendered.</summary>
    private const double LeastSeconds = 0.005;

    private const double MostSeconds = 1e6;
    private const double MostWork = 1e18;

    /// <summary>No factors.</summary>
    public static ImmutableSortedDictionary<string, double> Nothing { get; } = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>Whether something can cost so many times what it declares. [any]</summary>
    public static bool IsFactor(double factor) => factor is >= 1 / MostFactor and <= MostFactor;

    /// <summary>Learns of what the subgraphs of one machine took in the same while: of what they took against each other, as how fast the machine was is in all of it.</summary>
    /// <returns>What is known now; the same object where nothing was learnt.</returns>
    public ClassCosts Learn(ImmutableArray<CostObservation> together)
    {
        Surprise[] all = [.. together.Where(CanBe).Select(Compare)];
        if (all.Length < 2)
        {
            return this;
        }

        // From the one in the middle: one that was stopped for a while must not make all others look quick.
        var usual = all.Select(surprise => surprise.Log).Order().ElementAt(all.Length / 2);
        double[] logs = [.. all.Select(surprise => Math.Clamp(surprise.Log - usual, -MostSurprise, MostSurprise))];
        var mean = all.Zip(logs, (surprise, log) => surprise.Weight * log).Sum() / all.Sum(surprise => surprise.Weight);
        var moves = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (surprise, log) in all.Zip(logs))
        {
            foreach (var (kind, share) in surprise.Shares)
            {
                moves[kind] = moves.GetValueOrDefault(kind) + (Step / all.Length * surprise.Weight * share * (log - mean));
            }
        }

        var factors = Factors.SetItems(moves.Select(move => KeyValuePair.Create(move.Key, FactorOf(move.Key) * Math.Exp(move.Value))));
        // All or nothing: were one kind kept at the limit while others go on, their product would not stay.
        return factors.Count <= MostKinds && factors.Values.All(IsFactor) ? this with { Factors = factors } : this;
    }

    private static bool CanBe(CostObservation observation) =>
        observation is { Seconds: >= LeastSeconds and <= MostSeconds, Work.IsDefaultOrEmpty: false }
        && observation.Work.All(part => part is { Cost: >= 0 and <= MostWork, Kind.Length: <= MostCharacters })
        && observation.Work.Sum(part => part.Cost) > 0;

    /// <summary>What a subgraph took against what was expected of it, and whose it is.</summary>
    private Surprise Compare(CostObservation observation)
    {
        var expected = observation.Work.Sum(part => part.Cost * FactorOf(part.Kind));
        ImmutableArray<KindCost> shares = [.. observation.Work.Where(part => part.Cost > 0).Select(part => part with { Cost = part.Cost * FactorOf(part.Kind) / expected })];
        return new Surprise(shares, Math.Log(observation.Seconds / expected), 1 / shares.Sum(share => share.Cost * share.Cost));
    }

    private double FactorOf(string kind) => Factors.GetValueOrDefault(kind, 1);

    /// <param name="Shares">The part that each kind has in what was expected; 1 together.</param>
    /// <param name="Log">How much longer it took, as a logarithm.</param>
    /// <param name="Weight">Makes of shares what has to move for all of it to be explained.</param>
    private readonly record struct Surprise(ImmutableArray<KindCost> Shares, double Log, double Weight);
}
