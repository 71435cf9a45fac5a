using Loophole.Cluster.Media;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Timeline;

namespace Loophole.Engine.Rendering;

/// <summary>The moving parts of a renderer: memory, steps, processors and edge delays. Owns the processors.</summary>
internal sealed class RenderMachine : IDisposable
{
    private readonly IProcessorFactory _processors;
    private readonly SubgraphPlan _plan;
    private readonly IMediaStore _media;
    private readonly TransportTimeline _timeline;
    private readonly HeardNotes _heard;
    private readonly StepRunner[] _steps;
    private readonly List<NodeRunner> _nodes = [];
    private readonly List<ICheckpointed> _memories = [];

    /// <summary>Makes everything a plan needs; what was made is disposed when something cannot be.</summary>
    /// <exception cref="RenderException">A node's settings cannot be run.</exception>
    /// <exception cref="MediaException">A clip's media is missing or broken.</exception>
    public RenderMachine(RenderPlan plan, IProcessorFactory processors, IMediaStore media, TransportTimeline timeline, HeardNotes heard)
    {
        _processors = processors;
        _plan = plan.Source;
        _media = media;
        (_timeline, _heard) = (timeline, heard);
        Memory = new SignalMemory(plan.Memory);
        _steps = new StepRunner[plan.Steps.Length];
        try
        {
            for (var i = 0; i < _steps.Length; i++)
            {
                _steps[i] = plan.Steps[i] is SumRenderStep sum ? MakeSum(sum, (SumStep)_plan.Steps[i]) : MakeChannel((ChannelRenderStep)plan.Steps[i]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the signals are.</summary>
    public SignalMemory Memory { get; }

    /// <summary>The nodes, in plan order.</summary>
    public IReadOnlyList<NodeRunner> Nodes => _nodes;

    /// <summary>What remembers audio, in plan order.</summary>
    public IReadOnlyList<ICheckpointed> Memories => _memories;

    /// <summary>Makes the next frames of every signal.</summary>
    public void Run(long position, int frameCount)
    {
        foreach (var step in _steps)
        {
            step.Run(position, frameCount);
        }
    }

    /// <summary>Sets every node to the state of transport just before a block at a render frame.</summary>
    public void Seek(long position)
    {
        foreach (var node in _nodes)
        {
            node.Seek(position);
        }
    }

    /// <summary>Forgets all audio.</summary>
    public void Clear()
    {
        foreach (var memory in _memories)
        {
            memory.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            (node as IDisposable)?.Dispose();
        }
    }

    private SumRunner MakeSum(SumRenderStep step, SumStep source)
    {
        var delays = new DelayLine?[step.Inputs.Length];
        for (var i = 0; i < delays.Length; i++)
        {
            var input = step.Inputs[i];
            if (input.DelayFrames > 0)
            {
                var line = new DelayLine(
                    $"The delay of input {i} of sum '{source.Id}'",
                    MemoryIdentity.Of(_plan.SampleRate, input.Slot.AudioChannels, source, i),
                    input.DelayFrames,
                    input.Slot.AudioChannels);
                delays[i] = line;
                _memories.Add(line);
            }
        }

        return new SumRunner(step, delays, Memory);
    }

    private ChannelRunner MakeChannel(ChannelRenderStep step)
    {
        var nodes = new NodeRunner[step.Nodes.Length];
        var score = step.Notes is { } notes ? new NoteScore(notes) : null;
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = MakeNode(step, step.Nodes[i], score);
            _nodes.Add(nodes[i]);
        }

        return new ChannelRunner(step, nodes, Memory);
    }

    private NodeRunner MakeNode(ChannelRenderStep step, RenderNode node, NoteScore? score)
    {
        if (node.Tap is { } tap)
        {
            return new SendRunner(node, tap, Memory, _timeline);
        }

        var context = new ProcessorContext(_plan.SampleRate, step.Output.AudioChannels, _plan.BlockFrames, _media);
        var lane = node.PlaysNotes && score is not null ? new NoteLane(score, step.Notes!, node.UpstreamLatencyFrames, _heard) : null;
        var runner = new ProcessorRunner(MemoryIdentity.Of(_plan.SampleRate, step.Output.AudioChannels, node), node, _processors.Create(node.Node, context), _timeline, lane);
        _memories.Add(runner);
        return runner;
    }
}
