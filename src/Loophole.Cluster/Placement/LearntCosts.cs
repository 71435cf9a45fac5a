using System.Collections.Immutable;
using Loophole.Cluster.Planning;

namespace Loophole.Cluster.Placement;

/// <summary>What was learnt of costs: on each class of machines, how many times what it declares each kind of processor costs. Immutable. [any]</summary>
/// <remarks>Known is only what kinds cost against each other; how fast a machine is is known of the machine. The scale is that of the declared costs: on every class, the product of all factors is 1.</remarks>
public sealed class LearntCosts
{
    /// <summary>So many classes of machines are remembered: those observed last.</summary>
    internal const int MostClasses = 16;

    /// <summary>Nothing was learnt: everything costs what it declares.</summary>
    public static LearntCosts Empty { get; } = new([]);

    internal LearntCosts(ImmutableArray<ClassCosts> classes) => Classes = classes;

    /// <summary>By class, the one observed last at the end.</summary>
    internal ImmutableArray<ClassCosts> Classes { get; }

    /// <summary>Learns of what the subgraphs of one machine took in the same while. What cannot be is left out; of fewer than two, nothing is learnt.</summary>
    /// <param name="machine">The class of the machine, at most 212 characters.</param>
    /// <param name="together">The subgraphs.</param>
    /// <returns>What is known now; the same object where nothing was learnt.</returns>
    public LearntCosts Learn(string machine, ImmutableArray<CostObservation> together)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var before = Classes.FirstOrDefault(known => known.Machine == machine) ?? new ClassCosts(machine, ClassCosts.Nothing);
        var after = before.Learn(together);
        return ReferenceEquals(after, before) || machine.Length > MachineClass.MostCharacters ? this : With(after);
    }

    /// <summary>What something is expected to cost.</summary>
    /// <param name="work">What it declares, by kind.</param>
    /// <param name="machines">The classes on which it may run; where several know a kind, what lies between them counts, and where none does, what all others know.</param>
    /// <returns>The cost, in the unit of the declared ones: at most 256 times as much as they say, and at least that part of it.</returns>
    public double CostOf(ImmutableArray<KindCost> work, ImmutableArray<string> machines) => work.Sum(part => part.Cost * FactorOf(part.Kind, machines));

    /// <summary>Whether anything was learnt of a cost, on whatever machine.</summary>
    /// <param name="work">What it declares, by kind.</param>
    /// <returns>Whether one of its kinds was observed.</returns>
    public bool Knows(ImmutableArray<KindCost> work) => work.Any(part => Classes.Any(known => known.Factors.ContainsKey(part.Kind)));

    /// <summary>Puts expected costs into a plan, in the place of the declared ones.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="machines">The classes on which it may run.</param>
    /// <returns>The plan with it.</returns>
    public GlobalPlan ApplyTo(GlobalPlan plan, ImmutableArray<string> machines)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Classes.IsEmpty ? plan : plan with { Costs = [.. plan.Work.Select(work => Math.Min(CostOf(work, machines), PartitionUnit.MostCost))] };
    }

    /// <summary>The same with something else known of a class, which is the one observed last.</summary>
    internal LearntCosts With(ClassCosts observed)
    {
        ImmutableArray<ClassCosts> classes = [.. Classes.Where(known => known.Machine != observed.Machine), observed];
        return new LearntCosts(classes.Length > MostClasses ? classes[^MostClasses..] : classes);
    }

    private double FactorOf(string kind, ImmutableArray<string> machines)
    {
        var (here, all) = (default(Mean), default(Mean));
        foreach (var known in Classes)
        {
            if (known.Factors.TryGetValue(kind, out var factor))
            {
                all = all.With(factor, 1);
                here = here.With(factor, machines.Count(machine => machine == known.Machine));
            }
        }

        return here.Count > 0 ? here.Value : all.Value;
    }

    /// <summary>A geometric mean: of twice and half as much, it is 1.</summary>
    private readonly record struct Mean(double Logs, int Count)
    {
        public double Value => Count == 0 ? 1 : Math.Exp(Logs / Count);

        public Mean With(double factor, int times) => new(Logs + (times * Math.Log(factor)), Count + times);
    }
}
