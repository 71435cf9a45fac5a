using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Timeline;
using Loophole.Engine.Tests.Rendering.Fakes;

namespace Loophole.Engine.Tests.Rendering;

/// <summary>A random plan with everything that decides what it sounds like.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Events">In order.</param>
/// <param name="Inputs">One per plan input: interleaved samples of all frames.</param>
/// <param name="FrameCount">Frames to render.</param>
internal sealed record Scenario(SubgraphPlan Plan, RenderEvent[] Events, float[][] Inputs, int FrameCount)
{
    public static readonly string[] SoundKinds = ["onePole", "rampGain", "leaky", "fixedDelay", "clock", "bitProbe", "keys"];

    public static Scenario Make(int seed, params string[] kinds) => new Maker(new Random(seed), kinds).Make();

    private sealed class Maker(Random random, string[] kinds)
    {
        /// <summary>What is raised above its range is not clamped by test processors; so little does no harm.</summary>
        private const double SmallDistance = 0.1;

        private readonly List<PlanSignal> _signals = [];
        private readonly List<GraphNode> _nodes = [];
        private int _nextSignal = random.Next(5);
        private TransportEvent _transport = new() { Frame = 0, Sequence = 0, ProjectFrame = 0, IsPlaying = false };

        public Scenario Make()
        {
            var frames = 200 + random.Next(200);
            var inputs = Enumerable.Range(0, random.Next(3)).Select(_ => NewSignal()).ToImmutableArray();
            _signals.AddRange(inputs);
            var steps = ImmutableArray.CreateBuilder<PlanStep>();
            var stepCount = 2 + random.Next(9);
            for (var i = 0; i < stepCount; i++)
            {
                steps.Add(_signals.Count > 0 && random.Next(5) < 2 ? Sum($"sum:{i}") : Channel($"step:{i}"));
            }

            var outputs = _signals.Where(_ => random.Next(4) == 0).Append(_signals[^1]).Distinct().ToImmutableArray();
            var plan = new SubgraphPlan
            {
                Id = "plan",
                SampleRate = 48_000,
                BlockFrames = 1 + random.Next(70),
                Inputs = inputs,
                Outputs = outputs,
                Steps = steps.ToImmutable(),
            };
            return new Scenario(plan, Events(frames), [.. inputs.Select(input => Samples(frames * input.AudioChannels))], frames);
        }

        private PlanSignal NewSignal() => new(_nextSignal += 1 + random.Next(3), random.Next(5) switch { 0 => 1, 1 => 3, 2 => 4, _ => 2 });

        private PlanSignal AnySignal() => _signals[random.Next(_signals.Count)];

        private SumStep Sum(string id)
        {
            var inputs = Enumerable.Range(0, 1 + random.Next(4))
                .Select(_ => new SumInput(AnySignal().Id, random.Next(2) * random.Next(90)))
                .ToImmutableArray();
            var step = new SumStep { Id = id, Inputs = inputs, Output = NewSignal() };
            _signals.Add(step.Output);
            return step;
        }

        private ChannelStep Channel(string id)
        {
            var output = NewSignal();
            int? input = _signals.Count > 0 && random.Next(5) > 0 ? AnySignal().Id : null;
            var made = new List<PlanSignal> { output };
            var latency = random.Next(2) * random.Next(60);
            var nodes = ImmutableArray.CreateBuilder<PlanNode>();
            for (var i = random.Next(5); i > 0; i--)
            {
                var node = Node($"{id}:node:{i}");
                PlanSignal? tap = null;
                if (node is SendNode)
                {
                    tap = NewSignal() with { AudioChannels = output.AudioChannels };
                    made.Add(tap.Value);
                }

                nodes.Add(new PlanNode(node, latency, tap));
                latency += random.Next(3) == 0 ? random.Next(20) : 0;
            }

            _signals.AddRange(made);
            return new ChannelStep { Id = id, ChannelId = id, InputSignalId = input, Nodes = nodes.ToImmutable(), Output = output, Notes = random.Next(3) == 0 ? null : Notes() };
        }

        /// <summary>Short and close together, so that they meet each other, transport and blocks.</summary>
        private StepNotes Notes() => new()
        {
            Regions = [.. Enumerable.Range(0, random.Next(9)).Select(_ => Region(random.Next(-15, 120)))],
            Take = [.. Enumerable.Range(0, random.Next(9)).Select(_ => random.Next(250)).Order().Select(frame => new MidiMessage(frame, (byte)(0x80 + random.Next(0x70)), (byte)random.Next(128), (byte)random.Next(128)))],
        };

        private NoteRegion Region(int start) => new(start, start + 1 + (random.Next(3) == 0 ? 0 : random.Next(50)), random.Next(128), random.Next(16), random.NextDouble());

        private GraphNode Node(string id)
        {
            GraphNode node = random.Next(8) switch
            {
                0 => new StackNode { Id = id, Variants = [] },
                1 or 2 => new SendNode { Id = id, TargetChannelId = "any", Parameters = Settings((SendNode.LevelParameter, 0, 64)) },
                _ => Processor(id, kinds[random.Next(kinds.Length)]),
            };
            _nodes.Add(node);
            return node;
        }

        private ProcessorNode Processor(string id, string kind)
        {
            var parameters = TestProcessorFactory.ParametersOf(kind);
            return new ProcessorNode
            {
                Id = id,
                Processor = kind,
                Parameters = kind == "fixedDelay"
                    ? [new ParameterSetting("frames", 1 + random.Next(20))]
                    : Settings([.. parameters.Select(parameter => (parameter.Name, parameter.Minimum, parameter.Maximum))]),
            };
        }

        private ImmutableArray<ParameterSetting> Settings(params (string Name, double Minimum, double Maximum)[] parameters) =>
        [
            .. parameters.Where(_ => random.Next(4) > 0).Select(parameter => new ParameterSetting(parameter.Name, Value())
            {
                Automation = random.Next(2) == 0 ? [] : Automation(),
            }),
        ];

        private ImmutableArray<AutomationPoint> Automation()
        {
            var frame = (long)random.Next(-40, 60);
            var points = ImmutableArray.CreateBuilder<AutomationPoint>();
            for (var i = 1 + random.Next(8); i > 0; i--)
            {
                points.Add(new AutomationPoint(frame, Value(), random.Next(3) > 0));
                frame += 1 + (random.Next(3) == 0 ? 0 : random.Next(60));
            }

            return points.ToImmutable();
        }

        /// <summary>Mostly inside the ranges of the test parameters, now and then beyond.</summary>
        private double Value() => (random.NextDouble() * 1.5) - 0.2;

        private RenderEvent[] Events(int frames)
        {
            var count = random.Next(25);
            var at = Enumerable.Range(0, count).Select(_ => (long)random.Next(frames)).Order().ToArray();
            for (var i = 1; i < count; i++)
            {
                at[i] = random.Next(4) == 0 ? at[i - 1] : at[i];
            }

            Array.Sort(at);
            return [.. at.Select((frame, index) => Event(frame, index))];
        }

        private RenderEvent Event(long frame, long sequence)
        {
            var node = _nodes.Count > 0 ? _nodes[random.Next(_nodes.Count)] : null;
            var names = node switch
            {
                SendNode => [SendNode.LevelParameter],
                ProcessorNode processor => [.. TestProcessorFactory.ParametersOf(processor.Processor).Where(parameter => !parameter.IsFixed).Select(parameter => parameter.Name)],
                _ => Array.Empty<string>(),
            };
            if (names.Length == 0 || random.Next(3) == 0)
            {
                _transport = Transport(frame, sequence);
                return _transport;
            }

            var isRelative = random.Next(4) == 0;
            return new ParameterEvent
            {
                Frame = frame,
                Sequence = sequence,
                NodeId = random.Next(10) == 0 ? "elsewhere" : node!.Id,
                Parameter = names[random.Next(names.Length)],
                Value = random.Next(4) == 0 ? null : isRelative ? (random.NextDouble() - 0.5) * SmallDistance : Value(),
                IsRelative = isRelative,
                RampFrames = random.Next(3) == 0 ? 0 : random.Next(80),
            };
        }

        private TransportEvent Transport(long frame, long sequence)
        {
            // Now and then one that changes nothing: project time runs on.
            var goesOn = _transport.IsPlaying && random.Next(5) == 0;
            return new TransportEvent
            {
                Frame = frame,
                Sequence = sequence,
                ProjectFrame = goesOn ? _transport.ProjectFrame + (frame - _transport.Frame) : random.Next(3) == 0 ? 20 : random.Next(-10, 200),
                IsPlaying = goesOn || random.Next(4) > 0,
                ResetsState = random.Next(3) == 0,
            };
        }

        private float[] Samples(int count)
        {
            var samples = new float[count];
            for (var i = 0; i < count; i++)
            {
                samples[i] = random.Next(6) switch { 0 => 0f, 1 => -0f, _ => (random.NextSingle() * 2) - 1 };
            }

            return samples;
        }
    }
}
