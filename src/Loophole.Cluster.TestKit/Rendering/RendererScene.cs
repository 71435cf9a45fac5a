using System.Buffers;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.TestKit.Rendering;

/// <summary>Random input for a plan, and ways to render it. Everything follows from the subject's seed.</summary>
internal sealed class RendererScene
{
    private readonly RendererSubject _subject;

    public RendererScene(RendererSubject subject)
    {
        _subject = subject;
        Random = new Random(subject.Seed);
        Inputs = [.. subject.Plan.Inputs.Select(input =>
        {
            var samples = new float[Frames * input.AudioChannels];
            RenderBits.Noise(Random, samples, 0.5);
            return samples;
        })];
    }

    public Random Random { get; }

    public float[][] Inputs { get; }

    public int Frames => _subject.SceneFrames;

    public IRenderer Create() => _subject.Factory.Create(_subject.Plan, _subject.Media);

    public float[][] NewOutputs(int frames) => [.. _subject.Plan.Outputs.Select(output =>
    {
        // What stands there before must not show.
        var samples = new float[frames * output.AudioChannels];
        RenderBits.Noise(Random, samples, 1);
        return samples;
    })];

    /// <summary>The whole scene in the largest blocks, events told before the block in which they fall.</summary>
    public float[][] Whole() => Render(() => _subject.Plan.BlockFrames, static () => 0, static _ => false);

    /// <summary>Renders the scene.</summary>
    /// <param name="blockFrames">Asked before each block; cut to what is allowed.</param>
    /// <param name="ahead">Asked before each block: how many frames early events are told.</param>
    /// <param name="moves">Asked before each block, with its frame: whether to move to a new instance.</param>
    /// <param name="create">Makes each instance; <see langword="null"/> for <see cref="Create"/>.</param>
    public float[][] Render(Func<int> blockFrames, Func<int> ahead, Func<int, bool> moves, Func<IRenderer>? create = null)
    {
        var outputs = NewOutputs(Frames);
        var renderer = (create ??= Create)();
        var told = 0;
        try
        {
            for (var position = 0; position < Frames;)
            {
                if (moves(position))
                {
                    renderer = Move(renderer, told, create);
                }

                var frames = Math.Clamp(blockFrames(), 1, Math.Min(_subject.Plan.BlockFrames, Frames - position));
                var horizon = position + frames + ahead();
                while (told < _subject.Events.Length && _subject.Events[told].Frame < horizon)
                {
                    renderer.Apply(_subject.Events[told++]);
                }

                RenderBlock(renderer, position, frames, outputs);
                position += frames;
            }
        }
        finally
        {
            renderer.Dispose();
        }

        return outputs;
    }

    /// <summary>The whole scene on one instance in the largest blocks, without the subject's events.</summary>
    public float[][] RenderWithoutEvents(IRenderer renderer)
    {
        var outputs = NewOutputs(Frames);
        for (var position = 0; position < Frames;)
        {
            var frames = Math.Min(_subject.Plan.BlockFrames, Frames - position);
            RenderBlock(renderer, position, frames, outputs);
            position += frames;
        }

        return outputs;
    }

    /// <summary>Renders a stretch of the scene.</summary>
    public void RenderBlock(IRenderer renderer, int position, int frames, float[][] outputs) => renderer.Render(
        frames,
        [.. Inputs.Select((samples, i) => (ReadOnlyMemory<float>)Cut(samples, _subject.Plan.Inputs[i].AudioChannels, position, frames))],
        [.. outputs.Select((samples, i) => Cut(samples, _subject.Plan.Outputs[i].AudioChannels, position, frames))]);

    public static byte[] Save(IRenderer renderer)
    {
        var writer = new ArrayBufferWriter<byte>();
        renderer.Save(writer);
        return writer.WrittenSpan.ToArray();
    }

    private IRenderer Move(IRenderer from, int told, Func<IRenderer> create)
    {
        var checkpoint = Save(from);
        var to = create();
        for (var i = 0; i < told; i++)
        {
            to.Apply(_subject.Events[i]);
        }

        to.Restore(from.Position, checkpoint);
        from.Dispose();
        return to;
    }

    private static Memory<float> Cut(float[] samples, int channels, int position, int frames) => samples.AsMemory(position * channels, frames * channels);
}
