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

    /// <summary>Signal number → (index of the step that makes it, the signal); of a return, the step that makes its source. What the device makes is not in it.</summary>
    public static Dictionary<int, (int Step, PlanSignal Signal)> Makers(GlobalPlan plan)
    {
        var makers = new Dictionary<int, (int Step, PlanSignal Signal)>();
        for (var step = 0; step < plan.Steps.Length; step++)
        {
            foreach (var signal in MadeBy(plan.Steps[step]))
            {
                makers.Add(signal.Id, (step, signal));
            }
        }

        foreach (var heard in plan.Returns)
        {
            makers.Add(heard.Signal.Id, (makers[heard.SourceId].Step, heard.Signal));
        }

        return makers;
    }
}
