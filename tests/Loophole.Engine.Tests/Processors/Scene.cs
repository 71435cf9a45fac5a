using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Tests.Processors;

/// <summary>A random node, random lines for its parameters, and random audio: everything follows from the seed.</summary>
internal sealed class Scene
{
    public const int Frames = 3_000;
    public const int MaxBlockFrames = 512;

    private static readonly Dictionary<string, double> Caps = new() { ["operations"] = 50 };

    private readonly List<(int Start, ParameterRamp[] Ramps)> _pieces = [];

    public Scene(string kind, int seed)
    {
        var random = new Random(seed);
        Kind = kind;
        Seed = seed;
        FirstFrame = random.Next(-5_000, 5_000);
        Context = Rig.Context(random.Next(3) switch { 0 => 8_000, 1 => 44_100, _ => 48_000 }, random.Next(4) == 0 ? random.Next(1, 10) : 2, MaxBlockFrames);
        Node = RandomNode(kind, random);
        Descriptor = Rig.Factory.Describe(Node)!;
        MakePieces(random);
        Audio = [.. Enumerable.Range(0, Context.AudioChannels).Select(_ => RandomAudio(random))];
    }

    public string Kind { get; }

    public int Seed { get; }

    public long FirstFrame { get; }

    public ProcessorContext Context { get; }

    public ProcessorNode Node { get; }

    public ProcessorDescriptor Descriptor { get; }

    public float[][] Audio { get; }

    public IProcessor Create() => Rig.Factory.Create(Node, Context);

    public float[][] CopyAudio() => [.. Audio.Select(channel => channel.ToArray())];

    /// <summary>Runs frames of the scene, split at its pieces and otherwise as <paramref name="blockFrames"/> says, which is asked before each call.</summary>
    public void Run(IProcessor processor, float[][] audio, int start, int end, Func<int> blockFrames)
    {
        while (start < end)
        {
            var piece = _pieces.FindLastIndex(p => p.Start <= start);
            var pieceEnd = piece + 1 < _pieces.Count ? _pieces[piece + 1].Start : Frames;
            var count = Math.Min(blockFrames(), Math.Min(end, pieceEnd) - start);
            Rig.Call(processor, audio, start, count, FirstFrame + start, _pieces[piece].Ramps);
            start += count;
        }
    }

    public ParameterRamp[] RampsAt(int start) => _pieces.FindLast(p => p.Start <= start).Ramps;

    private static ProcessorNode RandomNode(string kind, Random random)
    {
        var settings = new List<(string, double)>();
        if (kind == "equalizer")
        {
            foreach (var band in Enumerable.Range(1, 16).Where(_ => random.Next(6) == 0))
            {
                settings.Add(($"band{band}.type", random.Next(7)));
                settings.Add(($"band{band}.order", 2 * random.Next(1, 5)));
            }
        }

        var node = Rig.Node(kind, [.. settings]);
        foreach (var parameter in Rig.Factory.Describe(node)!.Parameters)
        {
            if (parameter.IsFixed && settings.TrueForAll(s => s.Item1 != parameter.Name))
            {
                // Small values mostly, so that delays fit into the scene.
                var share = Math.Pow(random.NextDouble(), 4);
                settings.Add((parameter.Name, parameter.Minimum + (share * (Caps.GetValueOrDefault(parameter.Name, parameter.Maximum) - parameter.Minimum))));
            }
        }

        return Rig.Node(kind, [.. settings]);
    }

    private void MakePieces(Random random)
    {
        var ramps = Rig.Constants(Node);
        for (var start = 0; start < Frames; start += random.Next(6) switch { 0 => 1, 1 => random.Next(1, 32), 2 => 32, _ => random.Next(1, 1_000) })
        {
            ramps = [.. ramps];
            for (var i = 0; i < ramps.Length; i++)
            {
                if (!Descriptor.Parameters[i].IsFixed && (start == 0 || random.Next(3) == 0))
                {
                    ramps[i] = RandomRamp(Descriptor.Parameters[i], FirstFrame + start, random);
                }
            }

            _pieces.Add((start, ramps));
        }
    }

    private static ParameterRamp RandomRamp(ParameterDescriptor parameter, long frame, Random random)
    {
        // Also beyond the range, where the processor has to clamp.
        double Value() => parameter.Minimum + (((1.2 * random.NextDouble()) - 0.1) * (parameter.Maximum - parameter.Minimum));
        var origin = frame - (random.Next(3) == 0 ? random.Next(0, 100) : 0);
        var slope = random.Next(2) == 0 ? 0 : (Value() - Value()) / random.Next(1, 2_000);
        return new ParameterRamp(origin, random.Next(4) == 0 ? parameter.Default : Value(), slope);
    }

    private static float[] RandomAudio(Random random)
    {
        var audio = new float[Frames];
        for (var start = 0; start < Frames;)
        {
            var length = Math.Min(random.Next(1, 600), Frames - start);
            var size = random.Next(8) switch { 0 => 0, 1 => 1e-38, 2 => 1e-20, 3 => 1e25, 4 => 3, _ => 0.5 };
            Rig.Noise(random, length, size).CopyTo(audio, start);
            start += length;
        }

        return audio;
    }
}
