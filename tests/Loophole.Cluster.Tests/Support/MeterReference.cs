using Loophole.Cluster.Graph;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Engine;

namespace Loophole.Cluster.Tests.Support;

/// <summary>What meters at the end of their Channels must show: computed from the samples of an offline render of the same graph and log.</summary>
internal static class MeterReference
{
    private const int Block = 1_000;

    /// <returns>The readings of every whole window, by meter and first frame.</returns>
    public static Dictionary<(string NodeId, long StartFrame), MeterReading[]> Compute(AudioGraph graph, IReadOnlyCollection<RenderEvent> events, long frames)
    {
        var plan = new GraphPlanner(new BuiltInProcessors()).PlanOffline(graph);
        var metered = plan.Steps.OfType<ChannelStep>().Where(step => step.Nodes is [.., { Node: ProcessorNode { Processor: "meter" } }]).ToArray();
        var windowFrames = graph.SampleRate / 30;
        var windows = new Dictionary<(string, long), MeterReading[]>();
        foreach (var (step, samples) in metered.Zip(Render(plan, [.. metered.Select(step => step.Output)], events, frames)))
        {
            var (width, (meter, latency, _)) = (step.Output.AudioChannels, step.Nodes[^1]);
            long[] begins = [-latency, .. events.OfType<TransportEvent>().Where(change => change.ResetsState).Select(change => change.Frame)];
            for (var start = MeterWindows.StartOf(-latency, windowFrames); start + windowFrames + latency <= frames; start += windowFrames)
            {
                var from = Math.Max(start, begins.Where(begin => begin < start + windowFrames).Max());
                var measured = samples.AsSpan((int)(from + latency) * width, (int)(start + windowFrames - from) * width).ToArray();
                windows.Add((meter.Id, start), [.. Enumerable.Range(0, width).Select(channel => Measure([.. measured.Where((_, at) => at % width == channel)]))]);
            }
        }

        return windows;
    }

    private static MeterReading Measure(float[] samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
        {
            sum += (double)sample * sample;
        }

        return new MeterReading(samples.Max(Math.Abs), (float)Math.Sqrt(sum / samples.Length));
    }

    private static float[][] Render(GlobalPlan plan, PlanSignal[] outputs, IReadOnlyCollection<RenderEvent> events, long frames)
    {
        var owner = new PartitionOwner(new NodeId(Guid.Empty), 0);
        var whole = Assert.Single(SubgraphCutter.Cut(plan, new PartitionPlan([.. plan.Steps.Select(_ => owner)]), Block)).Plan;
        using var renderer = new EngineRendererFactory(new BuiltInProcessors()).Create(whole with { Outputs = [.. outputs] }, new FakeMedia());
        foreach (var change in events)
        {
            renderer.Apply(change);
        }

        float[][] samples = [.. outputs.Select(output => new float[frames * output.AudioChannels])];
        for (var frame = 0; frame < frames; frame += Block)
        {
            var count = (int)Math.Min(Block, frames - frame);
            renderer.Render(count, [], [.. outputs.Select((output, at) => samples[at].AsMemory(frame * output.AudioChannels, count * output.AudioChannels))]);
        }

        return samples;
    }
}
