using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Cluster.Timeline;
using Loophole.Engine;

namespace Loophole.EndToEnd.Tests.Determinism;

/// <summary>A random project: tracks, groups, returns, sends, every processor, clips at odd speeds, notes, automation and events at random frames.</summary>
internal sealed record RandomProject(AudioGraph Graph, IReadOnlyList<RenderEvent> Events)
{
    public const int LengthFrames = 2_600;

    private static readonly string[] Kinds = ["fader", "pan", "meter", "equalizer", "compressor", "limiter", "delay", "reverb", "tone", "noise", "synth", "synth", "load", "latency"];

    public static RandomProject Create(int seed, IReadOnlyList<MediaId> media)
    {
        var random = new Random(seed);
        var tracks = random.Next(1, 9);
        var groups = random.Next(0, 3);
        var returns = random.Next(0, 3);
        var count = tracks + groups + returns + 1;
        var channels = new List<Channel>();
        for (var at = 0; at < count; at++)
        {
            var isMaster = at == count - 1;
            // Feeding only later channels keeps the graph acyclic; the list is shuffled afterwards, as Channel order is the user's.
            int Later() => random.Next(Math.Max(at + 1, tracks), count);
            var nodes = new List<GraphNode>();
            if (at < tracks)
            {
                nodes.Add(Lane($"lane{at}", random, media));
            }

            for (var node = random.Next(0, 4); node > 0; node--)
            {
                nodes.Add(Processor($"node{at}.{node}", random));
            }

            for (var send = isMaster ? 0 : random.Next(0, 3); send > 0; send--)
            {
                nodes.Insert(random.Next(nodes.Count + 1), new SendNode { Id = $"send{at}.{send}", TargetChannelId = $"ch{Later()}", Parameters = [Setting(SendNode.LevelParameter, 0, 1, random)] });
            }

            nodes.Add(new ProcessorNode { Id = $"fader{at}", Processor = "fader", Parameters = [Setting("volume", 0, 1.5, random)] });
            channels.Add(new Channel
            {
                Id = $"ch{at}",
                Name = $"Channel {at}",
                AudioChannels = isMaster || random.Next(5) > 0 ? 2 : 1,
                Nodes = [.. nodes],
                OutputChannelId = isMaster ? null : $"ch{Later()}",
                Notes = random.Next(3) == 0 ? Played(random) : null,
            });
        }

        var graph = new AudioGraph { SampleRate = 48_000, LengthFrames = LengthFrames, OutputChannelId = $"ch{count - 1}", Channels = [.. channels.OrderBy(_ => random.Next())] };
        return new RandomProject(graph, [.. RandomEvents(random, graph)]);
    }

    private static LaneStreamNode Lane(string id, Random random, IReadOnlyList<MediaId> media)
    {
        var regions = Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        {
            var start = random.Next(-300, LengthFrames);
            return new ClipRegion
            {
                StartFrame = start,
                EndFrame = start + random.Next(1, 2_000),
                Media = media[random.Next(media.Count)],
                SourceStartFrame = random.Next(2) == 0 ? random.Next(-50, 500) : (random.NextDouble() * 600) - 50,
                // A tempo change shows up here as regions of different speeds.
                SourceStep = random.Next(3) switch { 0 => 1, 1 => 44_100.0 / 48_000, _ => 0.5 + random.NextDouble() },
                Gain = random.NextDouble(),
                FadeInStartFrame = start,
                FadeInFrames = random.Next(2) * random.Next(400),
                FadeOutEndFrame = start + 2_000,
                FadeOutFrames = random.Next(2) * random.Next(400),
            };
        });
        return new LaneStreamNode { Id = id, Regions = [.. regions], Notes = [.. Enumerable.Range(0, random.Next(12)).Select(_ => Note(random))] };
    }

    private static NoteRegion Note(Random random)
    {
        var start = random.Next(-300, LengthFrames);
        return new NoteRegion(start, start + random.Next(1, 1_000), random.Next(30, 90), random.Next(3), random.NextDouble());
    }

    /// <summary>A recording of somebody who plays and lets go, bends and holds; few keys, so that they meet the clips'.</summary>
    private static NoteInput Played(Random random) => new()
    {
        Take =
        [
            .. Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(LengthFrames)).Order()
                .Select(frame => new MidiMessage(frame, (byte)((random.Next(6) switch { 0 => MidiMessage.PitchBend, 1 => MidiMessage.Controller, 2 or 3 => MidiMessage.NoteOff, _ => MidiMessage.NoteOn }) | random.Next(3)), (byte)random.Next(60, 68), (byte)random.Next(128))),
        ],
    };

    private static ProcessorNode Processor(string id, Random random)
    {
        var kind = Kinds[random.Next(Kinds.Length)];
        if (kind == "equalizer")
        {
            return new ProcessorNode
            {
                Id = id,
                Processor = kind,
                Parameters = [new ParameterSetting("band1.type", random.Next(7)), Setting("band1.frequency", 50, 9_000, random), Setting("band1.gain", -12, 12, random), Setting("band1.q", 0.3, 4, random)],
            };
        }

        var descriptor = new BuiltInProcessors().Describe(new ProcessorNode { Id = id, Processor = kind })!;
        var settings = descriptor.Parameters.Where(_ => random.Next(2) == 0).Select(parameter => parameter.IsFixed
            ? new ParameterSetting(parameter.Name, kind is "load" or "latency" ? random.Next(0, 200) : Math.Min(parameter.Minimum + (random.NextDouble() * 0.02), parameter.Maximum))
            : Setting(parameter.Name, parameter.Minimum, Math.Min(parameter.Maximum, parameter.Minimum + 100), random));
        return new ProcessorNode { Id = id, Processor = kind, Parameters = [.. settings] };
    }

    private static ParameterSetting Setting(string name, double least, double most, Random random)
    {
        double Value() => least + (random.NextDouble() * (most - least));
        var points = new SortedSet<int>(Enumerable.Range(0, random.Next(3) == 0 ? random.Next(1, 6) : 0).Select(_ => random.Next(-100, LengthFrames)));
        return new ParameterSetting(name, Value()) { Automation = [.. points.Select(frame => new AutomationPoint(frame, Value(), random.Next(2) == 0))] };
    }

    private static IEnumerable<RenderEvent> RandomEvents(Random random, AudioGraph graph)
    {
        yield return new TransportEvent { Frame = 0, Sequence = 0, ProjectFrame = random.Next(3) == 0 ? random.Next(500) : 0, IsPlaying = true };
        var nodes = graph.Channels.SelectMany(channel => channel.Nodes).ToArray();
        var frames = Enumerable.Range(0, random.Next(0, 8)).Select(_ => random.Next(1, LengthFrames)).Order().ToArray();
        for (var at = 0; at < frames.Length; at++)
        {
            var node = nodes[random.Next(nodes.Length)];
            if (random.Next(3) == 0)
            {
                yield return new TransportEvent { Frame = frames[at], Sequence = at + 1, ProjectFrame = random.Next(LengthFrames), IsPlaying = random.Next(4) > 0, ResetsState = random.Next(2) == 0 };
            }
            else if (node is ProcessorNode { Processor: "fader" })
            {
                yield return new ParameterEvent { Frame = frames[at], Sequence = at + 1, NodeId = node.Id, Parameter = "volume", Value = random.Next(4) == 0 ? null : random.NextDouble(), RampFrames = random.Next(2) * random.Next(600) };
            }
        }
    }
}
