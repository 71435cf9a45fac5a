using System.Collections.Frozen;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Media;
using Loophole.Engine.Processors;
using Loophole.Engine.Processors.Parameters;

namespace Loophole.Engine;

/// <summary>The processors of this engine: <c>fader</c>, <c>pan</c>, <c>meter</c>, <c>equalizer</c>, <c>compressor</c>, <c>limiter</c>, <c>delay</c>, <c>reverb</c>,
/// <c>tone</c>, <c>noise</c>, <c>synth</c>, <c>load</c>, <c>latency</c>, and the clip player. All of them are <see cref="ProcessorTraits.Distributable"/>. Immutable and safe for concurrent use.</summary>
public sealed class BuiltInProcessors : IProcessorFactory
{
    private static readonly ProcessorDescriptor Send = new("send", [new ParameterDescriptor(SendNode.LevelParameter, 0, 64, 1, "lin")], ProcessorTraits.Distributable);
    private static readonly ProcessorDescriptor LaneStream = new("laneStream", [], ProcessorTraits.Distributable);
    private static readonly FrozenDictionary<string, BuiltInKind> Kinds = BuiltInKind.All.ToFrozenDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <inheritdoc/>
    public ProcessorDescriptor? Describe(GraphNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node switch
        {
            LaneStreamNode => LaneStream,
            SendNode => Send,
            _ => Find(node)?.Describe(node),
        };
    }

    /// <inheritdoc/>
    public int LatencyFrames(GraphNode node, int sampleRate)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        return Find(node)?.LatencyFrames(node, sampleRate) ?? 0;
    }

    /// <inheritdoc/>
    public double Cost(GraphNode node, int audioChannels)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfLessThan(audioChannels, 1);
        return node is LaneStreamNode lane ? LaneStreamCost.Of(lane, audioChannels) : Find(node)?.Cost(node, audioChannels) ?? 1;
    }

    /// <inheritdoc/>
    public long StateBytes(GraphNode node, int audioChannels, int sampleRate)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfLessThan(audioChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        return Find(node)?.StateBytes(node, audioChannels, sampleRate) ?? 0;
    }

    /// <inheritdoc/>
    public IProcessor Create(GraphNode node, ProcessorContext context)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(context);
        var descriptor = Describe(node) ?? throw new RenderException(RenderError.UnknownProcessor, $"There is no built-in processor for node '{node.Id}'{KindOf(node)}.");
        NodeSettings.Check(node, descriptor);
        return node switch
        {
            LaneStreamNode lane => new LaneStreamProcessor(lane, context),
            SendNode => throw new RenderException(RenderError.BadPlan, $"Node '{node.Id}' is a send, which a plan carries as a step of its own and no processor runs."),
            _ => Kinds[((ProcessorNode)node).Processor].Create(node, context),
        };
    }

    private static BuiltInKind? Find(GraphNode node) => node is ProcessorNode processor ? Kinds.GetValueOrDefault(processor.Processor) : null;

    private static string KindOf(GraphNode node) => node is ProcessorNode processor ? $" of kind '{processor.Processor}'" : "";
}
