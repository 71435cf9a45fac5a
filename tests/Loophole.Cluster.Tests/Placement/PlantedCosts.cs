using System.Collections.Immutable;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;

namespace Loophole.Cluster.Tests.Placement;

/// <summary>Machines on which it is known what kinds really cost, and what they would tell of it.</summary>
internal sealed class PlantedCosts
{
    private readonly Random _random;

    public PlantedCosts(int seed, int kinds, double wrongBy)
    {
        _random = new Random(seed);
        Declared = [.. Enumerable.Range(0, kinds).Select(kind => new KindCost($"kind {kind}", 1 + (19 * _random.NextDouble())))];
        double[] logs = [.. Declared.Select(_ => ((2 * _random.NextDouble()) - 1) * Math.Log(wrongBy))];
        Factors = [.. logs.Select(log => Math.Exp(log - logs.Average()))];
    }

    /// <summary>What kinds declare.</summary>
    public ImmutableArray<KindCost> Declared { get; }

    /// <summary>How many times that they cost; their product is 1.</summary>
    public ImmutableArray<double> Factors { get; }

    /// <summary>What a machine of whatever speed tells of a second in which it had some subgraphs.</summary>
    public ImmutableArray<CostObservation> Report(double noise)
    {
        var speed = 1_000 * Math.Exp(4 * _random.NextDouble());
        return [.. Enumerable.Range(0, _random.Next(2, 9)).Select(_ => Observe(speed, noise))];
    }

    /// <summary>By how much something learnt is off, as a part; the worst kind.</summary>
    public double ErrorOf(LearntCosts costs, string machine) =>
        Declared.Zip(Factors, (kind, factor) => Math.Abs((costs.CostOf([kind], [machine]) / (kind.Cost * factor)) - 1)).Max();

    private CostObservation Observe(double speed, double noise)
    {
        var seconds = 1 + (10 * _random.NextDouble());
        var amounts = Declared.Select(_ => _random.Next(3) == 0 ? _random.Next(1, 30) : 0).ToArray();
        amounts[_random.Next(amounts.Length)] = 50;
        ImmutableArray<KindCost> work = [.. Declared.Select((kind, at) => kind with { Cost = kind.Cost * amounts[at] * seconds })];
        return new CostObservation(work, work.Select((part, at) => part.Cost * Factors[at]).Sum() / speed * Math.Exp(noise * ((2 * _random.NextDouble()) - 1)));
    }
}
