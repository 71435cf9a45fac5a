using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Planning;

/// <summary>A <see cref="GlobalPlan"/> that is being made, a Channel at a time, each after all that feed it.</summary>
/// <param name="processors">Tells kinds, latencies and costs.</param>
/// <param name="graph">What is planned.</param>
/// <param name="readsClipsApart">Whether clips are a step of their own in every Channel, because any may come to be live.</param>
internal sealed class PlanBuild(IProcessorFactory processors, AudioGraph graph, bool readsClipsApart)
{
    // What a Channel hears of the device or its take, and of its clips, comes before what other Channels feed it.
    private const int InputRank = -2;
    private const int ClipsRank = -1;

    /// <summary>Longer than anything that is rendered; a take is silent after its end.</summary>
    private const long LongestTake = 1L << 52;

    private readonly Dictionary<string, int> _rank = graph.Channels.Select((c, at) => (c.Id, at)).ToDictionary(x => x.Id, x => x.at);
    private readonly Dictionary<string, List<Leaf>> _leaves = graph.Channels.ToDictionary(c => c.Id, _ => new List<Leaf>());
    private readonly ImmutableArray<PlanStep>.Builder _steps = ImmutableArray.CreateBuilder<PlanStep>();
    private readonly ImmutableArray<ImmutableArray<KindCost>>.Builder _work = ImmutableArray.CreateBuilder<ImmutableArray<KindCost>>();
    private readonly ImmutableArray<string>.Builder _hostReasons = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<ImmutableArray<string>>.Builder _plugins = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
    private readonly ImmutableArray<RenderPace>.Builder _paces = ImmutableArray.CreateBuilder<RenderPace>();
    private readonly ImmutableArray<PlanInput>.Builder _inputs = ImmutableArray.CreateBuilder<PlanInput>();
    private readonly ImmutableArray<PlanReturn>.Builder _returns = ImmutableArray.CreateBuilder<PlanReturn>();
    private readonly Dictionary<int, string> _hostSignals = [];
    private readonly HashSet<int> _liveSignals = [];
    private PlanSignal _output;
    private int _outputLatency;
    private int _signals;

    /// <summary>Adds a Channel.</summary>
    /// <exception cref="GraphException">A Node is of an unknown kind, or the latency grows too large.</exception>
    public void Add(Channel channel)
    {
        var played = AddSources(channel);
        var (input, latency) = Sum(channel);
        var isOutput = channel.Id == graph.OutputChannelId;
        var part = new Part(channel, HostReason(channel, isOutput), IsLive(channel));
        var number = 0;
        foreach (var insert in InsertsOf(channel, played))
        {
            input = AddPart(part, $"channel:{channel.Id}:{number}", played..insert.Start, input, ref latency).Id;
            var source = AddPart(new Part(channel, UsersReason(channel), IsLive: false, IsInsert: true), $"insert:{channel.Id}:{number}", insert, input, ref latency);
            input = AddReturn(channel, number, source);
            latency = Later(latency, channel.InsertFrames, $"insert {number + 1}", channel);
            (played, number) = (insert.End.Value, number + 1);
        }

        var output = AddPart(part, $"channel:{channel.Id}", played..channel.Nodes.Length, input, ref latency);
        if (channel.OutputChannelId is { } target)
        {
            Feed(target, channel, channel.Nodes.Length, output, latency);
        }

        if (isOutput)
        {
            (_output, _outputLatency) = (output, latency);
        }
    }

    /// <summary>The plan of all that was added.</summary>
    public GlobalPlan Finish()
    {
        // A Channel that reaches the output by one route may feed a dead end by another: sums of dead ends were never built, but inserts after its last send were.
        var needed = Needed();
        int[] heard = [.. Enumerable.Range(0, _steps.Count).Where(step => PlanSignals.MadeBy(_steps[step]).Any(signal => needed.Contains(signal.Id)))];
        return new GlobalPlan
        {
            SampleRate = graph.SampleRate,
            Steps = [.. heard.Select(step => _steps[step])],
            Costs = [.. heard.Select(step => _work[step].Sum(part => part.Cost))],
            Work = [.. heard.Select(step => _work[step])],
            HostReasons = [.. heard.Select(step => _hostReasons[step])],
            Plugins = heard.All(step => _plugins[step].IsEmpty) ? [] : [.. heard.Select(step => _plugins[step])],
            StateBytes = [.. heard.Select(step => StateBytesOf(_steps[step]))],
            Paces = heard.All(step => _paces[step] == RenderPace.Ahead) ? [] : [.. heard.Select(step => _paces[step])],
            Inputs = [.. _inputs.Where(input => needed.Contains(input.Signal.Id))],
            Returns = [.. _returns.Where(later => needed.Contains(later.Signal.Id))],
            Output = _output,
            LatencyFrames = _outputLatency,
        };
    }

    private long StateBytesOf(PlanStep step) => step switch
    {
        SumStep sum => sum.Inputs.Sum(input => (long)input.DelayFrames * sum.Output.AudioChannels * sizeof(float)),
        ChannelStep strip => strip.Nodes.Sum(part => processors.StateBytes(part.Node, strip.Output.AudioChannels, graph.SampleRate)),
        _ => 0,
    };

    /// <summary>The signals that the output is made of.</summary>
    private HashSet<int> Needed()
    {
        var sources = _returns.ToDictionary(later => later.Signal.Id, later => later.SourceId);
        var needed = new HashSet<int> { _output.Id };
        for (var step = _steps.Count - 1; step >= 0; step--)
        {
            if (PlanSignals.MadeBy(_steps[step]).Any(signal => needed.Contains(signal.Id)))
            {
                foreach (var read in PlanSignals.ReadBy(_steps[step]))
                {
                    needed.Add(read);
                    needed.Add(sources.GetValueOrDefault(read, read));
                }
            }
        }

        return needed;
    }

    /// <summary>What a Channel hears that no other feeds it.</summary>
    /// <returns>How many Nodes at the front have become a step of their own.</returns>
    private int AddSources(Channel channel)
    {
        if (channel.Input is { IsMonitored: true } input)
        {
            Feed(channel.Id, InputRank, 0, AddInput(channel, input), 0);
        }

        // Clips of a Channel that hears something else too, or may be live, are read apart: reading media is nothing for an audio callback.
        var clips = channel.Nodes.TakeWhile(node => node is LaneStreamNode).ToImmutableArray();
        if (clips.IsEmpty || !(readsClipsApart || _leaves[channel.Id].Count > 0))
        {
            return 0;
        }

        if (clips.OfType<LaneStreamNode>().Any(lane => !lane.Regions.IsEmpty))
        {
            Feed(channel.Id, ClipsRank, 0, AddClips(channel, "clips", clips), 0);
        }

        return clips.Length;
    }

    private static string HostReason(Channel channel, bool isOutput) =>
        UsersReason(channel) is { Length: > 0 } set ? set
        : IsLive(channel) ? $"Channel \"{channel.Name}\" is live"
        : isOutput ? $"Channel \"{channel.Name}\" is what the host puts out"
        : "";

    private static string UsersReason(Channel channel) => channel.IsHostOnly ? $"Channel \"{channel.Name}\" is set to stay on the host" : "";

    private static bool IsLive(Channel channel) => channel.IsLive || HearsNotes(channel);

    private static bool HearsNotes(Channel channel) => channel.Notes is { IsMonitored: true, Take: null };

    private (int? Input, int LatencyFrames) Sum(Channel channel)
    {
        // Edge order is Channel order, then the order in which a Channel makes its signals; never the order of rendering.
        var leaves = _leaves[channel.Id].OrderBy(leaf => leaf.SourceRank).ThenBy(leaf => leaf.Position).ToArray();
        if (leaves.Length == 0)
        {
            return (null, 0);
        }

        var latency = leaves.Max(leaf => leaf.LatencyFrames);
        return (SummationTree.Build(
            channel.Id,
            [.. leaves.Select(leaf => new SumInput(leaf.SignalId, latency - leaf.LatencyFrames))],
            channel.AudioChannels,
            NewSignal,
            sum => AddStep(sum)), latency);
    }

    private PlanSignal AddInput(Channel channel, ChannelInput input)
    {
        if (input.Take is { } take)
        {
            var recorded = new ClipRegion { ClipName = channel.Name, StartFrame = 0, EndFrame = LongestTake, Media = take, SourceStartFrame = 0, SourceStep = 1 };
            return AddClips(channel, "take", [new LaneStreamNode { Id = $"take:{channel.Id}", IsTake = true, Regions = [recorded] }]);
        }

        var signal = NewSignal(channel.AudioChannels);
        _inputs.Add(new PlanInput(channel.Id, signal, input.DeviceChannels));
        _hostSignals.Add(signal.Id, $"Channel \"{channel.Name}\" hears the audio device");
        _liveSignals.Add(signal.Id);
        return signal;
    }

    private PlanSignal AddClips(Channel channel, string what, ImmutableArray<GraphNode> lanes)
    {
        var step = new ChannelStep { Id = $"{what}:{channel.Id}", ChannelId = channel.Id, Nodes = [.. lanes.Select(lane => new PlanNode(WithoutNotes(lane), 0))], Output = NewSignal(channel.AudioChannels) };
        AddStep(step);
        return step.Output;
    }

    /// <summary>What is live hears what comes out of an insert later; where nothing is, a step delays it.</summary>
    private int AddReturn(Channel channel, int number, PlanSignal source)
    {
        var signal = NewSignal(channel.AudioChannels);
        if (_paces[^1] == RenderPace.Insert)
        {
            _returns.Add(new PlanReturn(signal, source.Id, channel.InsertFrames));
            _hostSignals.Add(signal.Id, $"Channel \"{channel.Name}\" is live");
            _liveSignals.Add(signal.Id);
        }
        else
        {
            AddStep(new SumStep { Id = $"return:{channel.Id}:{number}", Inputs = [new SumInput(source.Id, channel.InsertFrames)], Output = signal });
        }

        return signal.Id;
    }

    private static IEnumerable<Range> InsertsOf(Channel channel, int from)
    {
        bool IsTolerant(int at) => channel.InsertFrames > 0 && channel.Nodes[at].IsLatencyTolerant;
        for (var at = from; at < channel.Nodes.Length; at++)
        {
            var start = at;
            while (at < channel.Nodes.Length && IsTolerant(at))
            {
                at++;
            }

            if (at > start)
            {
                yield return start..at;
            }
        }
    }

    private PlanSignal AddPart(Part part, string id, Range range, int? input, ref int latency)
    {
        var channel = part.Channel;
        var hostReason = part.HostReason;
        var nodes = ImmutableArray.CreateBuilder<PlanNode>();
        var plugins = new List<string>();
        var playsNotes = false;
        for (var at = range.Start.Value; at < range.End.Value; at++)
        {
            var node = channel.Nodes[at];
            if (node is StackNode stack)
            {
                // No plugin runs here yet: the active variant is missing, and audio passes through. Where its plugin is, it is in its place.
                plugins.AddRange(PluginOf(stack));
                continue;
            }

            var descriptor = processors.Describe(node)
                ?? throw new GraphException(GraphError.UnknownProcessor, $"Node \"{node.Id}\" in Channel \"{channel.Name}\" is of a kind that is not known here{(node is ProcessorNode p ? $": \"{p.Processor}\"" : "")}.");
            if (hostReason.Length == 0 && !descriptor.Traits.HasFlag(ProcessorTraits.Distributable))
            {
                hostReason = $"Node \"{node.Id}\" in Channel \"{channel.Name}\" does not sound the same everywhere";
            }

            PlanSignal? tap = null;
            if (node is SendNode send)
            {
                tap = NewSignal(channel.AudioChannels);
                Feed(send.TargetChannelId, channel, at, tap.Value, latency);
            }

            if (descriptor.PlaysNotes && part.IsInsert && HearsNotes(channel))
            {
                throw new GraphException(GraphError.BadReference, $"Node \"{node.Id}\" in Channel \"{channel.Name}\" plays what the device hears; that is played at once, and by no insert.");
            }

            playsNotes |= descriptor.PlaysNotes;
            nodes.Add(new PlanNode(WithoutNotes(node), latency, tap));
            latency = Later(latency, processors.LatencyFrames(node, graph.SampleRate), $"node \"{node.Id}\"", channel);
        }

        var step = new ChannelStep { Id = id, ChannelId = channel.Id, InputSignalId = input, Nodes = nodes.ToImmutable(), Output = NewSignal(channel.AudioChannels), Notes = playsNotes ? NotesOf(channel) : null };
        AddStep(step, hostReason, part.IsLive, part.IsInsert, [.. plugins.Distinct()]);
        return step.Output;
    }

    private static IEnumerable<string> PluginOf(StackNode stack) =>
        stack.Variants.IsDefault ? [] : stack.Variants.Skip(stack.ActiveVariant).Take(1).Select(active => NodePlugin.KeyOf(active.Format, active.PluginId));

    /// <summary>Notes go with the instruments that play them, wherever the clips are read.</summary>
    private static StepNotes NotesOf(Channel channel) => new()
    {
        Regions = [.. channel.Nodes.OfType<LaneStreamNode>().SelectMany(lane => lane.Notes)],
        Take = channel.Notes is { IsMonitored: true, Take: { } take } ? take : [],
        HearsDevice = HearsNotes(channel),
        MidiChannel = channel.Notes?.MidiChannel,
    };

    private static GraphNode WithoutNotes(GraphNode node) => node is LaneStreamNode { Notes.IsEmpty: false } lane ? lane with { Notes = [] } : node;

    private int Later(int latency, int frames, string what, Channel channel)
    {
        var upTo = (long)latency + frames;
        return upTo >= latency && upTo <= (long)GraphPlanner.MaxLatencySeconds * graph.SampleRate
            ? (int)upTo
            : throw new GraphException(GraphError.BadNumber, $"The latency up to {what} in Channel \"{channel.Name}\" is {upTo} frames; it grows, to {GraphPlanner.MaxLatencySeconds} s at most.");
    }

    private void Feed(string target, Channel source, int position, PlanSignal signal, int latency) => Feed(target, _rank[source.Id], position, signal, latency);

    private void Feed(string target, int rank, int position, PlanSignal signal, int latency) => _leaves[target].Add(new Leaf(rank, position, signal.Id, latency));

    private PlanSignal NewSignal(int audioChannels) => new(_signals++, audioChannels);

    private void AddStep(PlanStep step, string hostReason = "", bool isLive = false, bool isInsert = false, ImmutableArray<string>? plugins = null)
    {
        // An insert that hears what is live is not live itself, and need not be at the host.
        var hearsLive = PlanSignals.ReadBy(step).Any(_liveSignals.Contains);
        var isBehind = isInsert && hearsLive;
        isLive |= hearsLive && !isInsert;
        if (hostReason.Length == 0 && !isBehind)
        {
            // Downstream of what is on the host for a reason, for the same reason.
            hostReason = PlanSignals.ReadBy(step).Select(signal => _hostSignals.GetValueOrDefault(signal, "")).FirstOrDefault(reason => reason.Length > 0, "");
        }

        _steps.Add(step);
        _work.Add(KindCost.Of(step, processors));
        _hostReasons.Add(hostReason);
        _plugins.Add(plugins ?? []);
        _paces.Add(isLive ? RenderPace.Live : isBehind ? RenderPace.Insert : RenderPace.Ahead);
        foreach (var signal in PlanSignals.MadeBy(step))
        {
            if (hostReason.Length > 0)
            {
                _hostSignals.Add(signal.Id, hostReason);
            }

            if (isLive)
            {
                _liveSignals.Add(signal.Id);
            }
        }
    }

    /// <summary>What holds of all the steps of a Channel.</summary>
    private readonly record struct Part(Channel Channel, string HostReason, bool IsLive, bool IsInsert = false);

    private readonly record struct Leaf(int SourceRank, int Position, int SignalId, int LatencyFrames);
}
