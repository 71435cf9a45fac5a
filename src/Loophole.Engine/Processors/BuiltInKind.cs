using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Dynamics;
using Loophole.Engine.Processors.Filters;
using Loophole.Engine.Processors.Mixing;
using Loophole.Engine.Processors.Sources;
using Loophole.Engine.Processors.Space;

namespace Loophole.Engine.Processors;

/// <summary>An entry of the catalogue.</summary>
/// <param name="Name">What <see cref="ProcessorNode.Processor"/> calls it.</param>
/// <param name="Describe">Its descriptor for a node.</param>
/// <param name="Cost">Of a node and a width, in units of a stereo fader.</param>
/// <param name="Create">An instance for checked settings.</param>
internal sealed record BuiltInKind(
    string Name, Func<GraphNode, ProcessorDescriptor> Describe, Func<GraphNode, int, double> Cost, Func<GraphNode, ProcessorContext, IProcessor> Create)
{
    /// <summary>Frames of latency for a node and a sample rate; none unless set.</summary>
    public Func<GraphNode, int, int> LatencyFrames { get; init; } = static (_, _) => 0;

    public static ImmutableArray<BuiltInKind> All { get; } =
    [
        Plain(FaderProcessor.Descriptor, perChannel: 0.5, (_, context) => new FaderProcessor(context)),
        Plain(PanProcessor.Descriptor, perChannel: 0.5, (_, context) => new PanProcessor(context)),
        Plain(MeterProcessor.Descriptor, perChannel: 5, (_, context) => new MeterProcessor(context)),
        new(EqualizerProcessor.Kind, EqualizerProcessor.Describe, (node, width) => width * (4 + (8.0 * EqualizerProcessor.SectionCount(node))), (node, context) => new EqualizerProcessor(node, context)),
        Plain(CompressorProcessor.Descriptor, perChannel: 40, (_, context) => new CompressorProcessor(context)),
        Plain(LimiterProcessor.Descriptor, perChannel: 20, (node, context) => new LimiterProcessor(node, context)) with { LatencyFrames = LimiterProcessor.LatencyFrames },
        Plain(DelayProcessor.Descriptor, perChannel: 8, (node, context) => new DelayProcessor(node, context)),
        Plain(ReverbProcessor.Descriptor, perChannel: 60, (node, context) => new ReverbProcessor(node, context)),
        Plain(ToneProcessor.Descriptor, perChannel: 10, (_, context) => new ToneProcessor(context)),
        Plain(NoiseProcessor.Descriptor, perChannel: 3, (node, context) => new NoiseProcessor(node, context)),
        new(LoadProcessor.Kind, _ => LoadProcessor.Descriptor, (node, _) => 0.1 + (4.0 * LoadProcessor.OperationsPerFrame(node)), (node, _) => new LoadProcessor(node)),
        Plain(LatencyProcessor.Descriptor, perChannel: 2, (node, context) => new LatencyProcessor(node, context)) with { LatencyFrames = (node, _) => LatencyProcessor.LatencyFrames(node) },
    ];

    private static BuiltInKind Plain(ProcessorDescriptor descriptor, double perChannel, Func<GraphNode, ProcessorContext, IProcessor> create) =>
        new(descriptor.Kind, _ => descriptor, (_, width) => perChannel * width, create);
}
