using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Dynamics;
using Loophole.Engine.Processors.Filters;
using Loophole.Engine.Processors.Instruments;
using Loophole.Engine.Processors.Mixing;
using Loophole.Engine.Processors.Sources;
using Loophole.Engine.Processors.Space;
using Loophole.Engine.Processors.State;

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

    /// <summary>Bytes of state for a node, a width and a sample rate; little unless set.</summary>
    public Func<GraphNode, int, int, long> StateBytes { get; init; } = static (_, _, _) => 0;

    /// <remarks>Costs are measured: 256 frames at a time on one core of an x64 server, a stereo fader taking 0.29 ns per frame.</remarks>
    public static ImmutableArray<BuiltInKind> All { get; } =
    [
        Plain(FaderProcessor.Descriptor, perFrame: 0, perSample: 0.5, (_, context) => new FaderProcessor(context)),
        Plain(PanProcessor.Descriptor, perFrame: 0, perSample: 0.7, (_, context) => new PanProcessor(context)),
        Plain(MeterProcessor.Descriptor, perFrame: 0, perSample: 4, (_, context) => new MeterProcessor(context)),
        new(EqualizerProcessor.Kind, EqualizerProcessor.Describe, (node, width) => width * (4 + (8.0 * EqualizerProcessor.SectionCount(node))), (node, context) => new EqualizerProcessor(node, context)),
        Plain(CompressorProcessor.Descriptor, perFrame: 370, perSample: 6, (_, context) => new CompressorProcessor(context)),
        Plain(LimiterProcessor.Descriptor, perFrame: 30, perSample: 16, (node, context) => new LimiterProcessor(node, context)) with { LatencyFrames = LimiterProcessor.LatencyFrames, StateBytes = LimiterProcessor.StateBytes },
        Plain(DelayProcessor.Descriptor, perFrame: 0, perSample: 13, (node, context) => new DelayProcessor(node, context)) with { StateBytes = DelayProcessor.StateBytes },
        Plain(ReverbProcessor.Descriptor, perFrame: 310, perSample: 130, (node, context) => new ReverbProcessor(node, context)) with { StateBytes = ReverbProcessor.StateBytes },
        Plain(ToneProcessor.Descriptor, perFrame: 38, perSample: 2, (_, context) => new ToneProcessor(context)),
        Plain(SynthProcessor.Descriptor, perFrame: 300, perSample: 2, (_, context) => new SynthProcessor(context)) with { StateBytes = static (_, _, _) => SynthProcessor.StateBytes },
        Plain(NoiseProcessor.Descriptor, perFrame: 4, perSample: 5, (node, context) => new NoiseProcessor(node, context)),
        new(LoadProcessor.Kind, _ => LoadProcessor.Descriptor, (node, _) => 0.4 + (5.6 * LoadProcessor.OperationsPerFrame(node)), (node, _) => new LoadProcessor(node)),
        Plain(LatencyProcessor.Descriptor, perFrame: 0, perSample: 5, (node, context) => new LatencyProcessor(node, context)) with { LatencyFrames = (node, _) => LatencyProcessor.LatencyFrames(node), StateBytes = (node, width, _) => DelayLine.StateBytes(LatencyProcessor.LatencyFrames(node)) * width },
    ];

    private static BuiltInKind Plain(ProcessorDescriptor descriptor, double perFrame, double perSample, Func<GraphNode, ProcessorContext, IProcessor> create) =>
        new(descriptor.Kind, _ => descriptor, (_, width) => perFrame + (perSample * width), create);
}
