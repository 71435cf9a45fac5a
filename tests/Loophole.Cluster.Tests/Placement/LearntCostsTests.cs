using System.Collections.Immutable;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Placement;

public sealed class LearntCostsTests
{
    private const string Tower = "tower";
    private const string Laptop = "laptop";

    [Theory]
    [InlineData(1, 2, 8)]
    [InlineData(2, 6, 8)]
    [InlineData(3, 12, 4)]
    [InlineData(4, 12, 10)]
    public void What_kinds_cost_is_found_whatever_they_declare(int seed, int kinds, double wrongBy)
    {
        var planted = new PlantedCosts(seed, kinds, wrongBy);
        Assert.InRange(planted.ErrorOf(Learn(LearntCosts.Empty, planted, reports: 2_000, noise: 0), Tower), 0, 0.01);
        Assert.InRange(planted.ErrorOf(Learn(LearntCosts.Empty, planted, reports: 2_000, noise: 0.15), Tower), 0, 0.1);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void What_costs_something_else_than_before_is_found_again(int seed)
    {
        var (before, after) = (new PlantedCosts(seed, 6, 6), new PlantedCosts(seed + 100, 6, 6));
        Assert.InRange(after.ErrorOf(Learn(Learn(LearntCosts.Empty, before, reports: 1_000, noise: 0.1), after, reports: 1_500, noise: 0.1), Tower), 0, 0.08);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void What_was_stopped_for_a_while_makes_little_difference(int seed)
    {
        var (planted, random) = (new PlantedCosts(seed, 6, 4), new Random(seed));
        var costs = LearntCosts.Empty;
        for (var report = 0; report < 2_000; report++)
        {
            var told = planted.Report(noise: 0.1);
            costs = costs.Learn(Tower, random.Next(10) == 0 ? told.SetItem(0, told[0] with { Seconds = told[0].Seconds * 1_000 }) : told);
        }

        Assert.InRange(planted.ErrorOf(costs, Tower), 0, 0.15);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void The_scale_stays_that_of_what_is_declared(int seed)
    {
        var planted = new PlantedCosts(seed, 8, 10);
        var costs = Learn(LearntCosts.Empty, planted, reports: 300, noise: 0.5);
        Assert.Equal(1, planted.Declared.Aggregate(1.0, (product, kind) => product * costs.CostOf([kind], [Tower]) / kind.Cost), 6);
        Assert.Equal(17, costs.CostOf([new KindCost("never seen", 17)], [Tower]));
        Assert.False(costs.Knows([new KindCost("never seen", 17)]));
        Assert.True(costs.Knows([new KindCost("never seen", 17), planted.Declared[0]]));
    }

    [Fact]
    public void How_fast_a_machine_is_tells_nothing_of_costs()
    {
        var told = new PlantedCosts(seed: 41, 5, 3).Report(noise: 0.2);
        ImmutableArray<CostObservation> slower = [.. told.Select(observation => observation with { Seconds = observation.Seconds * 7 })];
        var (fast, slow) = (LearntCosts.Empty.Learn(Tower, told), LearntCosts.Empty.Learn(Tower, slower));
        Assert.All(told[0].Work, part => Assert.Equal(fast.CostOf([part], [Tower]), slow.CostOf([part], [Tower]), part.Cost * 1e-9));
        Assert.Same(LearntCosts.Empty, LearntCosts.Empty.Learn(Tower, told[..1]));
    }

    [Fact]
    public void The_same_reports_in_the_same_order_teach_the_same()
    {
        var (one, two) = (new PlantedCosts(seed: 51, 9, 5), new PlantedCosts(seed: 51, 9, 5));
        var (first, second) = (Learn(LearntCosts.Empty, one, reports: 200, noise: 0.3), Learn(LearntCosts.Empty, two, reports: 200, noise: 0.3));
        Assert.All(one.Declared, kind => Assert.Equal(first.CostOf([kind], [Tower]), second.CostOf([kind], [Tower])));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(1e300, 1)]
    [InlineData(1e-300, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    [InlineData(1, double.NaN)]
    [InlineData(1, double.PositiveInfinity)]
    [InlineData(1, double.MaxValue)]
    public void What_cannot_be_teaches_nothing(double seconds, double cost)
    {
        CostObservation sane = new([new KindCost("fader", 1)], 1), absurd = new([new KindCost("reverb", cost)], seconds);
        Assert.Same(LearntCosts.Empty, LearntCosts.Empty.Learn(Tower, [sane, absurd]));
        Assert.Same(LearntCosts.Empty, LearntCosts.Empty.Learn(Tower, [sane, new CostObservation([], 1)]));
        Assert.Same(LearntCosts.Empty, LearntCosts.Empty.Learn(Tower, [sane, absurd with { Work = default }]));
    }

    [Theory]
    [InlineData(61)]
    [InlineData(62)]
    public void Costs_stay_within_bounds_whatever_a_machine_tells(int seed)
    {
        var (random, costs) = (new Random(seed), LearntCosts.Empty);
        for (var report = 0; report < 5_000; report++)
        {
            // Always against the same kind, as far as it is believed.
            costs = costs.Learn(Tower, [new([new("reverb", Any()), new("fader", Any())], Any()), new([new("reverb", 1)], 1_000_000), new([new("fader", 1e6)], 0.005)]);
            Assert.InRange(costs.CostOf([new("reverb", 1)], [Tower]), 1.0 / 256, 256);
            Assert.InRange(costs.CostOf([new("fader", 1)], [Tower]), 1.0 / 256, 256);
        }

        Assert.InRange(costs.CostOf([new("reverb", 1)], [Tower]), 10, 256);

        double Any() => Math.Exp((random.NextDouble() - 0.5) * 60);
    }

    [Fact]
    public void Machines_of_each_class_have_costs_of_their_own()
    {
        var (tower, laptop) = (new PlantedCosts(seed: 71, 4, 5), new PlantedCosts(seed: 72, 4, 5));
        var costs = Learn(Learn(LearntCosts.Empty, tower, reports: 1_000, noise: 0), laptop, reports: 1_000, noise: 0, Laptop);
        Assert.InRange(tower.ErrorOf(costs, Tower), 0, 0.02);
        Assert.InRange(laptop.ErrorOf(costs, Laptop), 0, 0.02);
        var kind = tower.Declared[0];
        var (onTower, onLaptop) = (costs.CostOf([kind], [Tower]), costs.CostOf([kind], [Laptop]));
        Assert.Equal(Math.Sqrt(onTower * onLaptop), costs.CostOf([kind], [Tower, Laptop, "unknown"]), 6);
        Assert.Equal(Math.Cbrt(onTower * onTower * onLaptop), costs.CostOf([kind], [Tower, Laptop, Tower]), 6);
        Assert.Equal(Math.Sqrt(onTower * onLaptop), costs.CostOf([kind], ["unknown"]), 6);
        Assert.Equal("Ryzen, 256 bit", MachineClass.Of(new HardwareProfile { Processor = "Ryzen", VectorBits = 256 }));
    }

    [Fact]
    public void The_classes_observed_last_are_remembered()
    {
        var told = new PlantedCosts(seed: 81, 4, 5).Report(noise: 0);
        var costs = LearntCosts.Empty.Learn(Tower, told);
        for (var n = 0; n < 100; n++)
        {
            costs = costs.Learn(Tower, told).Learn($"{n}", told);
        }

        Assert.Equal(["86", "87", "88", "89", "90", "91", "92", "93", "94", "95", "96", "97", "98", Tower, "99"], costs.Classes.Select(known => known.Machine).TakeLast(15));
        Assert.Equal(16, costs.Classes.Length);
        Assert.Same(costs, costs.Learn(new string('x', 1_000), told));
        Assert.Same(costs, costs.Learn(Tower, [told[0], told[1] with { Work = [new KindCost(new string('x', 1_000), 1)] }]));
        ImmutableArray<KindCost> many = [.. Enumerable.Range(0, 600).Select(kind => new KindCost($"{kind}", 1))];
        Assert.Same(costs, costs.Learn(Tower, [new(many, 1), new(many[..1], 1)]));
    }

    [Fact]
    public void A_plan_has_what_was_learnt_in_the_place_of_what_is_declared()
    {
        var plan = new GraphPlanner(new FakeProcessors()).Plan(RandomGraph.Bus(5));
        Assert.Equal(plan.Costs, plan.Work.Select(work => work.Sum(part => part.Cost)));
        Assert.Same(plan, LearntCosts.Empty.ApplyTo(plan, [Tower]));
        var costs = LearntCosts.Empty.Learn(Tower, [new([new(KindCost.Sum, 1)], 3), new([new(KindCost.Strip, 1)], 1)]);
        var learnt = costs.ApplyTo(plan, [Tower]);
        Assert.Equal(plan.Work.Select(work => costs.CostOf(work, [Tower])), learnt.Costs);
        Assert.Contains(learnt.Costs.Zip(plan.Costs), cost => cost.First > cost.Second);
        Assert.Contains(learnt.Costs.Zip(plan.Costs), cost => cost.First < cost.Second);
        Assert.All(costs.ApplyTo(plan with { Work = [.. plan.Work.Select(_ => ImmutableArray.Create(new KindCost(KindCost.Sum, 1e9)))] }, [Tower]).Costs, cost => Assert.Equal(PartitionUnit.MostCost, cost));
    }

    private static LearntCosts Learn(LearntCosts costs, PlantedCosts planted, int reports, double noise, string machine = Tower)
    {
        for (var report = 0; report < reports; report++)
        {
            costs = costs.Learn(machine, planted.Report(noise));
        }

        return costs;
    }
}
