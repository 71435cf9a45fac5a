using System.Collections.Immutable;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Planning;

/// <summary>Cuts a placed plan into subgraphs. A pure function. [any]</summary>
public static class SubgraphCutter
{
    /// <summary>Cuts.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="placement">The owner of each step, by step index.</param>
    /// <param name="blockFrames">Block size of the grid, 1 to 8192.</param>
    /// <returns>Subgraphs in an order in which each comes after those it reads from; the one that makes the output is among them.</returns>
    /// <remarks>Steps of one owner share a subgraph unless a path between them leaves the owner: then the later ones form a subgraph of
    /// their own (by the number of such exits before them), so that subgraphs never wait for each other in a circle. What is live is one subgraph, and the inserts of one owner are one, after it.</remarks>
    /// <exception cref="ArgumentException">The placement has another length than the plan.</exception>
    public static ImmutableArray<PlacedSubgraph> Cut(GlobalPlan plan, PartitionPlan placement, int blockFrames)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(placement);
        ArgumentOutOfRangeException.ThrowIfNotEqual(placement.Owners.Length, plan.Steps.Length, nameof(placement));
        var makers = PlanSignals.Makers(plan);
        var paces = PacesOf(plan);
        var depth = new int[plan.Steps.Length];
        for (var step = 0; step < depth.Length; step++)
        {
            if (paces[step] != RenderPace.Ahead)
            {
                // Whatever reads what is live is live too, or an insert, which is only heard later: nothing is before it that would have to wait for it.
                depth[step] = plan.Steps.Length + (int)paces[step];
                continue;
            }

            foreach (var feeder in PlanSignals.ReadBy(plan.Steps[step]).Select(signal => makers[signal].Step))
            {
                depth[step] = Math.Max(depth[step], depth[feeder] + (placement.Owners[feeder] == placement.Owners[step] ? 0 : 1));
            }
        }

        return Assemble(
            plan,
            [
                .. Enumerable.Range(0, depth.Length)
                    .GroupBy(step => (depth[step], placement.Owners[step]))
                    .OrderBy(group => group.Key.Item1)
                    .ThenBy(group => group.First())
                    .Select((group, at) => new StepGroup($"subgraph:{at}", group.Key.Item2.Node, paces[group.First()], [.. group])),
            ],
            blockFrames);
    }

    internal static ImmutableArray<RenderPace> PacesOf(GlobalPlan plan) => plan.Paces.IsEmpty ? [.. new RenderPace[plan.Steps.Length]] : plan.Paces;

    /// <summary>Makes subgraphs of all the steps of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="groups">Which steps belong together, in an order in which each group comes after those it reads from.</param>
    /// <param name="blockFrames">Block size of the grid.</param>
    internal static ImmutableArray<PlacedSubgraph> Assemble(GlobalPlan plan, ImmutableArray<StepGroup> groups, int blockFrames)
    {
        var makers = PlanSignals.Makers(plan);
        var subgraphOf = new int[plan.Steps.Length];
        for (var group = 0; group < groups.Length; group++)
        {
            foreach (var step in groups[group].Steps)
            {
                subgraphOf[step] = group;
            }
        }

        var inputs = plan.Inputs.ToDictionary(input => input.Signal.Id, input => input.Signal);
        var crossing = new HashSet<int> { plan.Output.Id };
        crossing.UnionWith(plan.Returns.Select(heard => heard.SourceId));
        for (var step = 0; step < subgraphOf.Length; step++)
        {
            crossing.UnionWith(PlanSignals.ReadBy(plan.Steps[step]).Where(signal => IsFromOutside(signal, subgraphOf[step])));
        }

        return [.. groups.Select(Make)];

        bool IsFromOutside(int signal, int subgraph) => inputs.ContainsKey(signal) || subgraphOf[makers[signal].Step] != subgraph;

        PlacedSubgraph Make(StepGroup group, int at)
        {
            var steps = group.Steps.Select(step => plan.Steps[step]).ToImmutableArray();
            var read = steps.SelectMany(PlanSignals.ReadBy).Where(signal => IsFromOutside(signal, at)).Distinct().Order();
            var outputs = steps.SelectMany(PlanSignals.MadeBy).Where(signal => crossing.Contains(signal.Id)).OrderBy(signal => signal.Id);
            var subgraph = new SubgraphPlan
            {
                Id = group.Id,
                SampleRate = plan.SampleRate,
                BlockFrames = blockFrames,
                Inputs = [.. read.Select(signal => inputs.TryGetValue(signal, out var input) ? input : makers[signal].Signal)],
                Outputs = [.. outputs],
                Steps = steps,
            };
            return new PlacedSubgraph(subgraph, group.Node, KindCost.Together(group.Steps.SelectMany(step => plan.Work[step])), [.. steps.OfType<ChannelStep>().Select(step => step.ChannelId)], group.Pace)
            {
                Plugins = [.. group.Steps.SelectMany(step => plan.PluginsOf(step)).Distinct()],
            };
        }
    }
}
