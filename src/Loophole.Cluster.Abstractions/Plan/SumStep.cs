using System.Collections.Immutable;

namespace Loophole.Cluster.Plan;

/// <summary>A node of a summation tree: adds its inputs from left to right, starting from the first, each after its edge delay.</summary>
/// <remarks>A mono input sounds at unity in every channel of the output. An input with more channels than a mono output is averaged
/// ((c0 + c1 + …) ÷ n, in that order); otherwise channels are matched by index and surplus ones dropped.</remarks>
public sealed record SumStep : PlanStep
{
    /// <summary>The inputs, 1 or more.</summary>
    public required ImmutableArray<SumInput> Inputs { get; init; }
}
