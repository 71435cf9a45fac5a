using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Planning;

/// <summary>Which signals a step reads and makes.</summary>
internal static class PlanSignals
{
    public static IEnumerable<int> ReadBy(PlanStep step) => step switch
    {
        SumStep sum => sum.Inputs.Select(input => input.SignalId),
        ChannelStep { InputSignalId: { } input } => [input],
        _ => [],
    };

    public static IEnumerable<PlanSignal> MadeBy(PlanStep step) => step is ChannelStep channel
        ? channel.Nodes.Where(node => node.Tap is not null).Select(node => node.Tap!.Value).Append(step.Output)
        : [step.Output];

    /// <summary>Signal number → (index of the step that makes it, the signal).</summary>
    public static Dictionary<int, (int Step, PlanSignal Signal)> Makers(IReadOnlyList<PlanStep> steps)
    {
        var makers = new Dictionary<int, (int, PlanSignal)>();
        for (var step = 0; step < steps.Count; step++)
        {
            foreach (var signal in MadeBy(steps[step]))
            {
                makers.Add(signal.Id, (step, signal));
            }
        }

        return makers;
    }
}
