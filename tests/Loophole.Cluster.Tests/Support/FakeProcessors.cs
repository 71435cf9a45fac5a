using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Knows one processor, "plain", one that must stay on the host, "rooted", and an instrument, "keys"; latency and cost are parameters.</summary>
internal sealed class FakeProcessors : IProcessorFactory
{
    public ProcessorDescriptor? Describe(GraphNode node) => node switch
    {
        ProcessorNode { Processor: "plain" } or SendNode or LaneStreamNode => new ProcessorDescriptor("plain", [new ParameterDescriptor("add", 0, 1, 0)], ProcessorTraits.Distributable),
        ProcessorNode { Processor: "rooted" } => new ProcessorDescriptor("rooted", [], ProcessorTraits.Deterministic),
        ProcessorNode { Processor: "keys" } => new ProcessorDescriptor("keys", [], ProcessorTraits.Distributable, PlaysNotes: true),
        _ => null,
    };

    public int LatencyFrames(GraphNode node, int sampleRate) => (int)Value(node, "latency", 0);

    public double Cost(GraphNode node, int audioChannels) => Value(node, "cost", 1);

    public long StateBytes(GraphNode node, int audioChannels, int sampleRate) => (long)Value(node, "state", 0) * audioChannels;

    public IProcessor Create(GraphNode node, ProcessorContext context) => throw new NotSupportedException();

    public static ProcessorNode Plain(string id, int latency = 0, double cost = 1) => new()
    {
        Id = id,
        Processor = "plain",
        Parameters = [new ParameterSetting("latency", latency), new ParameterSetting("cost", cost)],
    };

    public static ProcessorNode Keys(string id) => new() { Id = id, Processor = "keys" };

    private static double Value(GraphNode node, string name, double otherwise) => node.Parameters.FirstOrDefault(p => p.Name == name)?.Value ?? otherwise;
}
