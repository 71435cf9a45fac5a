using System.Buffers;
using Loophole.Cluster.Audio;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Tests.Processors;

/// <summary>Makes processors and runs them over planar audio.</summary>
internal static class Rig
{
    public static BuiltInProcessors Factory { get; } = new();

    public static ProcessorNode Node(string kind, params (string Name, double Value)[] settings) =>
        new() { Id = "node:test", Processor = kind, Parameters = [.. settings.Select(s => new ParameterSetting(s.Name, s.Value))] };

    public static ProcessorContext Context(int sampleRate = 48_000, int audioChannels = 2, int maxBlockFrames = 512) =>
        new(sampleRate, audioChannels, maxBlockFrames, null!);

    /// <summary>Constant lines at the values that the node sets.</summary>
    public static ParameterRamp[] Constants(ProcessorNode node) =>
    [
        .. Factory.Describe(node)!.Parameters.Select(parameter => new ParameterRamp(0, node.Parameters.FirstOrDefault(s => s.Name == parameter.Name)?.Value ?? parameter.Default, 0)),
    ];

    /// <summary>Runs a new processor with constant parameters over one channel per array, in place.</summary>
    public static float[][] Run(ProcessorNode node, float[][] audio, int sampleRate = 48_000)
    {
        using var processor = Factory.Create(node, Context(sampleRate, audio.Length));
        Run(processor, audio, 0, Constants(node));
        return audio;
    }

    public static void Run(IProcessor processor, float[][] audio, long firstFrame, ParameterRamp[] ramps)
    {
        for (var start = 0; start < audio[0].Length; start += 512)
        {
            Call(processor, audio, start, Math.Min(512, audio[0].Length - start), firstFrame + start, ramps);
        }
    }

    public static void Call(IProcessor processor, float[][] audio, int start, int count, long frame, ParameterRamp[] ramps)
    {
        var storage = new float[audio.Length * Math.Max(count, 1)];
        for (var channel = 0; channel < audio.Length; channel++)
        {
            audio[channel].AsSpan(start, count).CopyTo(storage.AsSpan(channel * count));
        }

        processor.Process(new ProcessorBlock
        {
            Frame = frame,
            ProjectFrame = frame,
            IsPlaying = true,
            Audio = new AudioBuffer(storage, audio.Length, count, count),
            Parameters = ramps,
        });
        for (var channel = 0; channel < audio.Length; channel++)
        {
            storage.AsSpan(channel * count, count).CopyTo(audio[channel].AsSpan(start));
        }
    }

    public static byte[] Save(IProcessor processor)
    {
        var writer = new ArrayBufferWriter<byte>();
        processor.Save(writer);
        return writer.WrittenSpan.ToArray();
    }

    public static float[] Impulse(int frames)
    {
        var audio = new float[frames];
        audio[0] = 1;
        return audio;
    }

    public static float[] Noise(Random random, int frames, double size)
    {
        var audio = new float[frames];
        foreach (ref var sample in audio.AsSpan())
        {
            sample = (float)(((2 * random.NextDouble()) - 1) * size);
        }

        return audio;
    }
}
