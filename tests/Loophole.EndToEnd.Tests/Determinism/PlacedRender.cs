using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Loophole.Cluster.Media;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.EndToEnd.Tests.Determinism;

/// <summary>Renders a plan as placed subgraphs, one after the other, with nothing between them but samples.</summary>
internal sealed class PlacedRender(IRendererFactory renderers, IMediaStore media)
{
    private const int BlockFrames = 512;

    /// <summary>Renders with everything on one owner, in whole blocks: what the others must equal.</summary>
    public float[] RenderWhole(GlobalPlan plan, IReadOnlyList<RenderEvent> events, int frames) =>
        Render(SubgraphCutter.Cut(plan, new PartitionPlan([.. plan.Steps.Select(_ => default(PartitionOwner))]), BlockFrames), plan, events, frames, new Random(0), isHostile: false);

    /// <summary>Renders with steps on random owners, blocks of random sizes, and checkpoints restored on other instances.</summary>
    public float[] RenderScattered(GlobalPlan plan, IReadOnlyList<RenderEvent> events, int frames, Random random)
    {
        var owners = Enumerable.Range(0, random.Next(1, 5)).Select(_ => new PartitionOwner(new NodeId(Guid.NewGuid()), 0)).ToArray();
        var placement = new PartitionPlan([.. plan.Steps.Select(_ => owners[random.Next(owners.Length)])]);
        return Render(SubgraphCutter.Cut(plan, placement, BlockFrames), plan, events, frames, random, isHostile: true);
    }

    /// <summary>Renders subgraphs that were cut by the caller.</summary>
    public float[] Render(ImmutableArray<PlacedSubgraph> subgraphs, GlobalPlan plan, IReadOnlyList<RenderEvent> events, int frames, Random random, bool isHostile)
    {
        var signals = new Dictionary<int, float[]>();
        foreach (var subgraph in subgraphs)
        {
            foreach (var output in subgraph.Plan.Outputs)
            {
                signals[output.Id] = new float[frames * output.AudioChannels];
            }

            RenderOne(subgraph.Plan, signals, events, frames, random, isHostile);
        }

        return signals[plan.Output.Id];
    }

    private void RenderOne(SubgraphPlan plan, Dictionary<int, float[]> signals, IReadOnlyList<RenderEvent> events, int frames, Random random, bool isHostile)
    {
        var renderer = Create(plan, events);
        try
        {
            for (var position = 0; position < frames;)
            {
                if (isHostile && random.Next(12) == 0)
                {
                    var checkpoint = new ArrayBufferWriter<byte>();
                    renderer.Save(checkpoint);
                    renderer.Dispose();
                    renderer = Create(plan, events);
                    renderer.Restore(position, checkpoint.WrittenSpan);
                }

                var block = Math.Min(frames - position, isHostile ? random.Next(1, random.Next(3) == 0 ? 17 : BlockFrames + 1) : BlockFrames);
                ReadOnlyMemory<float>[] inputs = [.. plan.Inputs.Select(input => (ReadOnlyMemory<float>)signals[input.Id].AsMemory(position * input.AudioChannels, block * input.AudioChannels))];
                Memory<float>[] outputs = [.. plan.Outputs.Select(output => signals[output.Id].AsMemory(position * output.AudioChannels, block * output.AudioChannels))];
                renderer.Render(block, inputs, outputs);
                position += block;
            }
        }
        finally
        {
            renderer.Dispose();
        }
    }

    private IRenderer Create(SubgraphPlan plan, IReadOnlyList<RenderEvent> events)
    {
        var renderer = renderers.Create(plan, media);
        foreach (var change in events)
        {
            renderer.Apply(change);
        }

        return renderer;
    }

    /// <summary>Where two renders differ first, or −1.</summary>
    public static int FirstDifference(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var left = MemoryMarshal.Cast<float, int>(one);
        var right = MemoryMarshal.Cast<float, int>(other);
        var same = left.CommonPrefixLength(right);
        return same == left.Length && same == right.Length ? -1 : same;
    }
}
