using System.Buffers;
using System.Runtime.InteropServices;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Tests.Rendering.Fakes;

namespace Loophole.Engine.Tests.Rendering;

/// <summary>Renders scenarios through an <see cref="IRendererFactory"/> in every way the contract allows.</summary>
internal static class Drive
{
    /// <summary>Block sizes as drawn, events told as late as drawn, now and then on to a new instance by a checkpoint.</summary>
    /// <param name="factory">Makes the renderers.</param>
    /// <param name="scenario">What to render.</param>
    /// <param name="nextBlock">The size of the next block, cut to what is allowed.</param>
    /// <param name="random">Draws when to move and how early to tell events.</param>
    /// <param name="moves">Whether to move to new instances.</param>
    /// <param name="checkpoint">Receives what is saved at the end.</param>
    public static float[][] Run(
        IRendererFactory factory, Scenario scenario, Func<int> nextBlock, Random random, bool moves, ArrayBufferWriter<byte>? checkpoint = null)
    {
        var outputs = scenario.Plan.Outputs.Select(output => new float[scenario.FrameCount * output.AudioChannels]).ToArray();
        var renderer = factory.Create(scenario.Plan, new NoMedia());
        var told = 0;
        try
        {
            for (var position = 0; position < scenario.FrameCount;)
            {
                if (moves && random.Next(12) == 0)
                {
                    renderer = Move(factory, scenario, renderer, told);
                }

                var frames = Math.Clamp(nextBlock(), 1, Math.Min(scenario.Plan.BlockFrames, scenario.FrameCount - position));
                var ahead = random.Next(2) * random.Next(100);
                while (told < scenario.Events.Length && scenario.Events[told].Frame < position + frames + ahead)
                {
                    renderer.Apply(scenario.Events[told++]);
                }

                Assert.Equal(position, renderer.Position);
                RenderBlock(renderer, scenario, position, frames, outputs);
                position += frames;
            }

            if (checkpoint is not null)
            {
                renderer.Save(checkpoint);
            }
        }
        finally
        {
            renderer.Dispose();
        }

        return outputs;
    }

    /// <summary>Where the bits differ first.</summary>
    /// <returns>A sentence, or <see langword="null"/> when they do not.</returns>
    public static string? FirstDifference(float[][] expected, float[][] actual)
    {
        for (var output = 0; output < expected.Length; output++)
        {
            var left = MemoryMarshal.Cast<float, int>(expected[output].AsSpan());
            var right = MemoryMarshal.Cast<float, int>(actual[output].AsSpan());
            var same = left.CommonPrefixLength(right);
            if (same < left.Length || left.Length != right.Length)
            {
                return $"output {output} differs from sample {same}: {expected[output][same]:R} and {actual[output][same]:R}";
            }
        }

        return null;
    }

    private static IRenderer Move(IRendererFactory factory, Scenario scenario, IRenderer from, int told)
    {
        var checkpoint = new ArrayBufferWriter<byte>();
        from.Save(checkpoint);
        var to = factory.Create(scenario.Plan, new NoMedia());
        for (var i = 0; i < told; i++)
        {
            to.Apply(scenario.Events[i]);
        }

        to.Restore(from.Position, checkpoint.WrittenSpan);
        from.Dispose();
        return to;
    }

    private static void RenderBlock(IRenderer renderer, Scenario scenario, int position, int frames, float[][] outputs)
    {
        var inputs = new ReadOnlyMemory<float>[scenario.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var width = scenario.Plan.Inputs[i].AudioChannels;
            inputs[i] = scenario.Inputs[i].AsMemory(position * width, frames * width);
        }

        var targets = new Memory<float>[outputs.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            var width = scenario.Plan.Outputs[i].AudioChannels;
            targets[i] = outputs[i].AsMemory(position * width, frames * width);
        }

        renderer.Render(frames, inputs, targets);
    }
}
