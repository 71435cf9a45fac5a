using System.Collections.Immutable;
using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Planning;

/// <summary>Turns the inputs of a Channel into a tree of sums of fixed arity, in Channel order.</summary>
/// <remarks>Float addition is not associative, so the tree belongs to the graph: wherever its nodes run, the same numbers are added in
/// the same order. A node of the tree may run away from its siblings; what crosses a link is then one partial sum.</remarks>
internal static class SummationTree
{
    /// <summary>Inputs per sum. Part of the sound: changing it changes the last bits of every mix.</summary>
    public const int Arity = 4;

    /// <summary>Builds the tree and returns the one signal that comes out.</summary>
    /// <param name="channelId">The Channel fed, for the steps' ids.</param>
    /// <param name="leaves">The inputs, in Channel order; 1 or more.</param>
    /// <param name="audioChannels">Width of the sums.</param>
    /// <param name="newSignal">Numbers a new signal of the given width.</param>
    /// <param name="add">Takes each step, feeders first.</param>
    public static int Build(
        string channelId,
        IReadOnlyList<SumInput> leaves,
        int audioChannels,
        Func<int, PlanSignal> newSignal,
        Action<SumStep> add)
    {
        var level = leaves;
        for (var height = 0; level.Count > 1 || level[0].DelayFrames > 0; height++)
        {
            var above = new List<SumInput>((level.Count + Arity - 1) / Arity);
            for (var first = 0; first < level.Count; first += Arity)
            {
                var inputs = level.Skip(first).Take(Arity).ToImmutableArray();
                if (inputs.Length == 1 && level.Count > 1)
                {
                    above.Add(inputs[0]);
                    continue;
                }

                var step = new SumStep { Id = $"sum:{channelId}:{height}:{first / Arity}", Inputs = inputs, Output = newSignal(audioChannels) };
                add(step);
                above.Add(new SumInput(step.Output.Id, 0));
            }

            level = above;
        }

        return level[0].SignalId;
    }
}
