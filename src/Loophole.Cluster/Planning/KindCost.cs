using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Planning;

/// <summary>What the work of one kind in a step costs, as it is declared.</summary>
/// <param name="Kind">Who does it: the kind of a processor, or the id of a plugin, as the graph names it; <see cref="Strip"/> or <see cref="Sum"/> where no processor does.</param>
/// <param name="Cost">Relative, where a stereo fader is about 1; 0 or more.</param>
public readonly record struct KindCost(string Kind, double Cost)
{
    /// <summary>What a Channel costs beside its processors.</summary>
    public const string Strip = "strip";

    /// <summary>A node of a summation tree.</summary>
    public const string Sum = "sum";

    /// <summary>What a step's cost is made of, each kind once, in the order in which they come.</summary>
    internal static ImmutableArray<KindCost> Of(PlanStep step, IProcessorFactory processors) => step switch
    {
        SumStep sum => [new KindCost(Sum, 0.25 * sum.Inputs.Length * sum.Output.AudioChannels / 2)],
        ChannelStep strip => Together(
        [
            new KindCost(Strip, 0.5 * strip.Output.AudioChannels),
            .. strip.Nodes.Select(part => new KindCost(KindOf(part.Node, processors), processors.Cost(part.Node, strip.Output.AudioChannels))),
        ]),
        _ => [],
    };

    /// <summary>The same with each kind once, in the order in which they come.</summary>
    internal static ImmutableArray<KindCost> Together(IEnumerable<KindCost> parts) =>
        [.. parts.GroupBy(part => part.Kind, part => part.Cost, StringComparer.Ordinal).Select(same => new KindCost(same.Key, same.Sum()))];

    private static string KindOf(GraphNode node, IProcessorFactory processors) =>
        node is ProcessorNode named ? named.Processor : processors.Describe(node)?.Kind ?? "";
}
