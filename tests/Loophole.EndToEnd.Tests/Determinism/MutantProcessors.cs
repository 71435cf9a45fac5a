using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine;

namespace Loophole.EndToEnd.Tests.Determinism;

/// <summary>The built-in processors, but with a fader that has a fault.</summary>
internal sealed class MutantProcessors(string fault) : IProcessorFactory
{
    private readonly BuiltInProcessors _real = new();

    public ProcessorDescriptor? Describe(GraphNode node) => _real.Describe(node);

    public int LatencyFrames(GraphNode node, int sampleRate) => _real.LatencyFrames(node, sampleRate);

    public double Cost(GraphNode node, int audioChannels) => _real.Cost(node, audioChannels);

    public IProcessor Create(GraphNode node, ProcessorContext context) =>
        node is ProcessorNode { Processor: "fader" } ? new MutantFader(fault) : _real.Create(node, context);
}
