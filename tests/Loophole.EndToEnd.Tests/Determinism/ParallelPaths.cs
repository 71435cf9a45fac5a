using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.EndToEnd.Tests.InProcess;

namespace Loophole.EndToEnd.Tests.Determinism;

/// <summary>One sound, a sine with an impulse in it, on an odd number of random ways to the output, every other of them inverted: what comes out is the sound once, at its frame, if and only if
/// every way is as late as any other. Samples are multiples of 2⁻¹⁵, so that all sums are exact.</summary>
internal static class ParallelPaths
{
    public const int SampleRate = 48_000;
    public const int LengthFrames = 6_000;

    /// <summary>What comes out, in both channels.</summary>
    public static ImmutableArray<short> Sound { get; } = [.. Enumerable.Range(0, LengthFrames).Select(frame => (short)(frame == 3_456 ? 30_000 : Math.Round(9_000 * Math.Sin(frame * 0.07))))];

    /// <summary>Stores the sound.</summary>
    public static ValueTask<MediaId> AddAsync(MemoryMedia media) => Recordings.AddAsync(media, 1, SampleRate, MemoryMarshal.AsBytes(Sound.AsSpan()));

    /// <summary>A random graph; longer and wider inserts by <paramref name="leastInsert"/>, and live Channels where asked for.</summary>
    public static AudioGraph Create(int seed, MediaId sound, int leastInsert = 1, bool isLive = false)
    {
        var random = new Random(seed);
        var channels = new List<Channel>();
        var nodes = 0;
        var paths = 3 + (2 * random.Next(4));
        for (var path = 0; path < paths; path++)
        {
            AddPath(path);
        }

        channels.Add(Vary(new Channel { Id = "out", Name = "Out", Nodes = [.. Nodes(2)] }));
        // Channel order is unrelated to the direction of the signal.
        var shuffled = channels.ToArray();
        random.Shuffle(shuffled);
        return new AudioGraph { SampleRate = SampleRate, LengthFrames = LengthFrames, OutputChannelId = "out", Channels = [.. shuffled] };

        void AddPath(int path)
        {
            var length = random.Next(1, 4);
            for (var at = 0; at < length; at++)
            {
                var target = at + 1 < length ? $"{path}.{at + 1}" : "out";
                var clip = new ClipRegion { StartFrame = 0, EndFrame = LengthFrames, Media = sound, SourceStartFrame = 0, SourceStep = 1, Gain = path % 2 == 0 ? 1 : -1 };
                GraphNode[] source = at == 0 ? [new LaneStreamNode { Id = $"clips{path}", Regions = [clip] }] : [];
                // By the output of the Channel, or by a send that may stand before something late.
                var bySend = random.Next(3) == 0;
                GraphNode[] sent = bySend ? [new SendNode { Id = $"send{path}.{at}", TargetChannelId = target }, .. Nodes(1)] : [];
                channels.Add(Vary(new Channel { Id = $"{path}.{at}", Name = $"{path}.{at}", OutputChannelId = bySend ? null : target, Nodes = [.. source, .. Nodes(3), .. sent] }));
            }
        }

        IEnumerable<GraphNode> Nodes(int most) => Enumerable.Range(0, random.Next(most + 1)).Select(_ => (GraphNode)new ProcessorNode
        {
            Id = $"latency{nodes++}",
            Processor = "latency",
            Parameters = [new ParameterSetting("frames", random.Next(3) == 0 ? 0 : random.Next(700))],
            IsLatencyTolerant = random.Next(2) == 0,
        });

        Channel Vary(Channel channel) => channel with
        {
            InsertFrames = random.Next(3) == 0 ? 0 : random.Next(leastInsert, leastInsert + 600),
            IsLive = random.Next(3) == 0 && isLive,
        };
    }
}
