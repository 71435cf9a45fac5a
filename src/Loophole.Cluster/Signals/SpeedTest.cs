using Loophole.Cluster.Media;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Signals;

/// <summary>Measures how much a render thread renders in real time, with the renderers that it will use: sums, which every renderer has.</summary>
internal static class SpeedTest
{
    private const int SampleRate = 48_000;
    private const int BlockFrames = 256;
    private const int Sums = 32;

    /// <summary>What a sum of four stereo signals counts in a plan.</summary>
    private const double UnitsPerSum = 1;

    /// <summary>Until what is measured is compiled.</summary>
    private const int WarmUpBlocks = 64;

    private const int Batches = 8;
    private const int BlocksPerBatch = 16;

    /// <summary>Takes some milliseconds. [any]</summary>
    /// <returns>Units of cost by real time; what is taken for a node that was not measured, where the renderers refuse.</returns>
    public static double Measure(IRendererFactory renderers, IMediaStore media, TimeProvider time)
    {
        try
        {
            using var renderer = renderers.Create(Plan(), media);
            return Measure(renderer, time);
        }
        catch (RenderException)
        {
            // Somebody else's renderers need not know a plan that nobody made of a graph.
            return PartitionNode.UnknownSpeed;
        }
    }

    private static double Measure(IRenderer renderer, TimeProvider time)
    {
        ReadOnlyMemory<float>[] inputs = [.. Enumerable.Range(0, 4).Select(input => (ReadOnlyMemory<float>)Enumerable.Range(0, 2 * BlockFrames).Select(sample => 0.1f * ((sample + input) % 7)).ToArray())];
        Memory<float>[] outputs = [.. renderer.Plan.Outputs.Select(_ => new float[2 * BlockFrames])];
        Render(WarmUpBlocks);
        var least = long.MaxValue;
        for (var batch = 0; batch < Batches; batch++)
        {
            // The shortest one: all others were interrupted by somebody.
            var start = time.GetTimestamp();
            Render(BlocksPerBatch);
            least = Math.Min(least, time.GetTimestamp() - start);
        }

        var seconds = Math.Max(1, least) / (double)time.TimestampFrequency;
        return Math.Clamp(Sums * UnitsPerSum * BlocksPerBatch * BlockFrames / SampleRate / seconds, 1, PartitionNode.MostSpeed);

        void Render(int blocks)
        {
            for (var block = 0; block < blocks; block++)
            {
                renderer.Render(BlockFrames, inputs, outputs);
            }
        }
    }

    private static SubgraphPlan Plan()
    {
        SumInput[] four = [.. Enumerable.Range(0, 4).Select(signal => new SumInput(signal, 0))];
        SumStep[] sums = [.. Enumerable.Range(0, Sums).Select(sum => new SumStep { Id = $"speed:{sum}", Inputs = [.. four], Output = new PlanSignal(4 + sum, 2) })];
        return new SubgraphPlan
        {
            Id = "speed",
            SampleRate = SampleRate,
            BlockFrames = BlockFrames,
            Inputs = [.. four.Select(input => new PlanSignal(input.SignalId, 2))],
            Outputs = [.. sums.Select(sum => sum.Output)],
            Steps = [.. sums],
        };
    }
}
