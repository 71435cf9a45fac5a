using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Planning;

/// <summary>Turns a graph into a <see cref="GlobalPlan"/>. A pure function of the graph and what the processors declare. [any]</summary>
/// <param name="processors">Tells kinds, latencies and costs.</param>
public sealed class GraphPlanner(IProcessorFactory processors)
{
    /// <summary>Largest latency of any path, in seconds; beyond it a graph is refused.</summary>
    public const int MaxLatencySeconds = 10;

    /// <summary>Makes the plan.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The plan: only what reaches the output Channel, delay-compensated.</returns>
    /// <exception cref="GraphException">The graph cannot be rendered; the message names what is wrong.</exception>
    public GlobalPlan Plan(AudioGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        GraphValidation.Check(graph);
        var build = new Build(processors, graph);
        foreach (var channel in ChannelOrder.Sort(graph))
        {
            build.Add(channel);
        }

        return build.Finish();
    }

    private sealed class Build(IProcessorFactory processors, AudioGraph graph)
    {
        private readonly Dictionary<string, int> _rank = graph.Channels.Select((c, at) => (c.Id, at)).ToDictionary(x => x.Id, x => x.at);
        private readonly Dictionary<string, List<Leaf>> _leaves = graph.Channels.ToDictionary(c => c.Id, _ => new List<Leaf>());
        private readonly ImmutableArray<PlanStep>.Builder _steps = ImmutableArray.CreateBuilder<PlanStep>();
        private readonly ImmutableArray<double>.Builder _costs = ImmutableArray.CreateBuilder<double>();
        private readonly ImmutableArray<bool>.Builder _hostOnly = ImmutableArray.CreateBuilder<bool>();
        private readonly ImmutableArray<bool>.Builder _live = ImmutableArray.CreateBuilder<bool>();
        private readonly HashSet<int> _hostOnlySignals = [];
        private readonly HashSet<int> _liveSignals = [];
        private PlanSignal _output;
        private int _outputLatency;
        private int _signals;

        public void Add(Channel channel)
        {
            // Edge order is Channel order, then the order in which a Channel makes its signals; never the order of rendering.
            var leaves = _leaves[channel.Id].OrderBy(leaf => leaf.SourceRank).ThenBy(leaf => leaf.Position).ToArray();
            var latency = leaves.Length == 0 ? 0 : leaves.Max(leaf => leaf.LatencyFrames);
            int? input = leaves.Length == 0 ? null : SummationTree.Build(
                channel.Id,
                [.. leaves.Select(leaf => new SumInput(leaf.SignalId, latency - leaf.LatencyFrames))],
                channel.AudioChannels,
                NewSignal,
                sum => AddStep(sum, 0.25 * sum.Inputs.Length * channel.AudioChannels / 2, isHostOnly: false, isLive: false));

            var isOutput = channel.Id == graph.OutputChannelId;
            var isHostOnly = channel.IsHostOnly || isOutput;
            var cost = 0.5 * channel.AudioChannels;
            var nodes = ImmutableArray.CreateBuilder<PlanNode>();
            var played = channel.IsLive && input is null ? channel.Nodes.TakeWhile(node => node is LaneStreamNode).Count() : 0;
            if (played > 0)
            {
                input = AddPlayed(channel, channel.Nodes[..played]);
            }

            foreach (var node in channel.Nodes[played..])
            {
                if (node is StackNode)
                {
                    continue; // No plugin runs here yet: the active variant is missing, and audio passes through.
                }

                var descriptor = processors.Describe(node)
                    ?? throw new GraphException(GraphError.UnknownProcessor, $"Node \"{node.Id}\" in Channel \"{channel.Name}\" is of a kind that is not known here{(node is ProcessorNode p ? $": \"{p.Processor}\"" : "")}.");
                isHostOnly |= !descriptor.Traits.HasFlag(ProcessorTraits.Distributable);
                cost += processors.Cost(node, channel.AudioChannels);
                PlanSignal? tap = null;
                if (node is SendNode send)
                {
                    tap = NewSignal(channel.AudioChannels);
                    Feed(send.TargetChannelId, channel, nodes.Count, tap.Value, latency);
                }

                nodes.Add(new PlanNode(node, latency, tap));
                var upTo = (long)latency + processors.LatencyFrames(node, graph.SampleRate);
                if (upTo < latency || upTo > (long)MaxLatencySeconds * graph.SampleRate)
                {
                    throw new GraphException(GraphError.BadNumber, $"The latency up to node \"{node.Id}\" in Channel \"{channel.Name}\" is {upTo} frames; it grows, to {MaxLatencySeconds} s at most.");
                }

                latency = (int)upTo;
            }

            var step = new ChannelStep { Id = $"channel:{channel.Id}", ChannelId = channel.Id, InputSignalId = input, Nodes = nodes.ToImmutable(), Output = NewSignal(channel.AudioChannels) };
            AddStep(step, cost, isHostOnly, channel.IsLive);
            if (channel.OutputChannelId is { } target)
            {
                Feed(target, channel, nodes.Count, step.Output, latency);
            }

            if (isOutput)
            {
                (_output, _outputLatency) = (step.Output, latency);
            }
        }

        public GlobalPlan Finish()
        {
            // A Channel that reaches the output by one route may feed a dead end by another; sums of dead ends were never built.
            return new GlobalPlan
            {
                SampleRate = graph.SampleRate,
                Steps = _steps.ToImmutable(),
                Costs = _costs.ToImmutable(),
                HostOnly = _hostOnly.ToImmutable(),
                Live = _liveSignals.Count == 0 ? [] : _live.ToImmutable(),
                Output = _output,
                LatencyFrames = _outputLatency,
            };
        }

        private void Feed(string target, Channel source, int position, PlanSignal signal, int latency) =>
            _leaves[target].Add(new Leaf(_rank[source.Id], position, signal.Id, latency));

        private PlanSignal NewSignal(int audioChannels) => new(_signals++, audioChannels);

        /// <summary>The clips of a live Channel: reading media is nothing for an audio callback, and what is played is known ahead.</summary>
        /// <returns>The signal made.</returns>
        private int AddPlayed(Channel channel, ImmutableArray<GraphNode> lanes)
        {
            var step = new ChannelStep { Id = $"clips:{channel.Id}", ChannelId = channel.Id, Nodes = [.. lanes.Select(lane => new PlanNode(lane, 0))], Output = NewSignal(channel.AudioChannels) };
            AddStep(step, (0.5 * channel.AudioChannels) + lanes.Sum(lane => processors.Cost(lane, channel.AudioChannels)), isHostOnly: false, isLive: false);
            return step.Output.Id;
        }

        private void AddStep(PlanStep step, double cost, bool isHostOnly, bool isLive)
        {
            isLive |= PlanSignals.ReadBy(step).Any(_liveSignals.Contains);
            isHostOnly |= isLive || PlanSignals.ReadBy(step).Any(_hostOnlySignals.Contains);
            _steps.Add(step);
            _costs.Add(cost);
            _hostOnly.Add(isHostOnly);
            _live.Add(isLive);
            var made = PlanSignals.MadeBy(step).Select(signal => signal.Id);
            if (isHostOnly)
            {
                _hostOnlySignals.UnionWith(made);
            }

            if (isLive)
            {
                _liveSignals.UnionWith(made);
            }
        }

        private readonly record struct Leaf(int SourceRank, int Position, int SignalId, int LatencyFrames);
    }
}
