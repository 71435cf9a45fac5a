using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Rendering;

/// <summary>Checks everything of a plan that can be checked without following its signals: sizes, names, what stands where.</summary>
internal static class PlanShapeCheck
{
    /// <exception cref="RenderException"><see cref="RenderError.BadPlan"/>, naming the step or node.</exception>
    public static void Check(SubgraphPlan plan)
    {
        Require(!string.IsNullOrEmpty(plan.Id), "The plan has no id.");
        Require(
            plan.SampleRate is >= RenderLimits.MinSampleRate and <= RenderLimits.MaxSampleRate,
            $"The plan's sample rate is {plan.SampleRate}; {RenderLimits.MinSampleRate} to {RenderLimits.MaxSampleRate} are possible.");
        Require(
            plan.BlockFrames is >= 1 and <= RenderLimits.MaxBlockFrames,
            $"The plan's block size is {plan.BlockFrames} frames; 1 to {RenderLimits.MaxBlockFrames} are possible.");
        Require(!plan.Inputs.IsDefault, "The plan has no list of inputs.");
        Require(!plan.Outputs.IsDefaultOrEmpty, "The plan has no output.");
        Require(!plan.Steps.IsDefault, "The plan has no list of steps.");

        var longestDelay = RenderLimits.MaxDelaySeconds * plan.SampleRate;
        var stepIds = new HashSet<string>();
        var nodeIds = new HashSet<string>();
        foreach (var step in plan.Steps)
        {
            Require(!string.IsNullOrEmpty(step?.Id), "A step has no id.");
            Require(stepIds.Add(step!.Id), $"Two steps are called '{step.Id}'.");
            switch (step)
            {
                case SumStep sum:
                    CheckSum(sum, longestDelay);
                    break;
                case ChannelStep channel:
                    CheckChannel(channel, longestDelay, nodeIds);
                    break;
                default:
                    throw new RenderException(RenderError.BadPlan, $"Step '{step.Id}' is of a kind that is not known here.");
            }
        }
    }

    private static void CheckSum(SumStep sum, int longestDelay)
    {
        Require(!sum.Inputs.IsDefaultOrEmpty, $"Sum '{sum.Id}' has no input.");
        foreach (var input in sum.Inputs)
        {
            Require(
                input.DelayFrames >= 0 && input.DelayFrames <= longestDelay,
                $"Sum '{sum.Id}' delays signal {input.SignalId} by {input.DelayFrames} frames; 0 to {longestDelay} are possible.");
        }
    }

    private static void CheckChannel(ChannelStep channel, int longestDelay, HashSet<string> nodeIds)
    {
        Require(!channel.Nodes.IsDefault, $"Step '{channel.Id}' has no list of nodes.");
        foreach (var item in channel.Nodes)
        {
            Require(!string.IsNullOrEmpty(item?.Node?.Id), $"A node of step '{channel.Id}' has no id.");
            var id = item!.Node.Id;
            Require(nodeIds.Add(id), $"Two nodes are called '{id}'.");
            Require(
                item.UpstreamLatencyFrames >= 0 && item.UpstreamLatencyFrames <= longestDelay,
                $"Node '{id}' has {item.UpstreamLatencyFrames} frames of latency upstream; 0 to {longestDelay} are possible.");
            Require(item.Tap.HasValue == item.Node is SendNode, $"Node '{id}': a send has a tap, and nothing else has.");
            Require(
                item.Tap is not { } tap || tap.AudioChannels == channel.Output.AudioChannels,
                $"The tap of send '{id}' is not as wide as its Channel.");
        }

        if (channel.Notes is { } notes)
        {
            CheckNotes(channel, notes);
        }
    }

    private static void CheckNotes(ChannelStep channel, StepNotes notes)
    {
        Require(!notes.Regions.IsDefault && !notes.Take.IsDefault, $"The notes of step '{channel.Id}' lack a list.");
        Require(notes.MidiChannel is null or (>= 0 and <= 15), $"Step '{channel.Id}' hears MIDI channel {notes.MidiChannel}; they are counted from 0 to 15.");
        foreach (var region in notes.Regions)
        {
            var isSane = region is { Key: >= 0 and <= 127, MidiChannel: >= 0 and <= 15, Velocity: >= 0 and <= 1 }
                && region.EndFrame > region.StartFrame && region.StartFrame >= -RenderLimits.MaxFrame && region.EndFrame <= RenderLimits.MaxFrame;
            Require(isSane, $"A note of step '{channel.Id}' at project frame {region?.StartFrame} has a number outside its range.");
        }

        var last = 0L;
        foreach (var message in notes.Take)
        {
            Require(
                message.IsValid && message.Frame >= last && message.Frame <= RenderLimits.MaxFrame,
                $"The take of step '{channel.Id}' has a message at render frame {message.Frame} that is none, or comes before the one before it.");
            last = message.Frame;
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new RenderException(RenderError.BadPlan, message);
        }
    }
}
