using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Tests.Rendering.Fakes;

/// <summary>Knows the test processors.</summary>
internal sealed class TestProcessorFactory : IProcessorFactory
{
    public const string BrokenKind = "broken";

    private static readonly Dictionary<string, ImmutableArray<ParameterDescriptor>> Kinds = new()
    {
        ["onePole"] = [new("coefficient", 0, 1, 0.5)],
        ["rampGain"] = [new("gain", 0, 2, 1)],
        ["blockStartGain"] = [new("gain", 0, 2, 1)],
        ["leaky"] = [new("leak", 0, 0.95, 0.5), new("level", -1, 1, 0.5)],
        ["forgetful"] = [new("leak", 0, 0.95, 0.5), new("level", -1, 1, 0.5)],
        ["fixedDelay"] = [new("frames", 1, 32, 4, IsFixed: true)],
        ["clock"] = [],
        ["keys"] = [],
        ["meter"] = [],
        ["failing"] = [],
        ["bitProbe"] = [new("value", 0, 1, 0.5)],
        [BrokenKind] = [],
    };

    /// <summary>Every instance made.</summary>
    public List<IProcessor> Made { get; } = [];

    public static ImmutableArray<ParameterDescriptor> ParametersOf(string kind) => Kinds[kind];

    public ProcessorDescriptor? Describe(GraphNode node) =>
        node is ProcessorNode processor && Kinds.TryGetValue(processor.Processor, out var parameters)
            ? new ProcessorDescriptor(processor.Processor, parameters, ProcessorTraits.Distributable, PlaysNotes: processor.Processor == "keys")
            : null;

    public int LatencyFrames(GraphNode node, int sampleRate) => node is ProcessorNode { Processor: "fixedDelay" } ? FramesOf(node) : 0;

    public double Cost(GraphNode node, int audioChannels) => 1;

    public IProcessor Create(GraphNode node, ProcessorContext context)
    {
        var channels = context.AudioChannels;
        IProcessor made = ((ProcessorNode)node).Processor switch
        {
            "onePole" => new OnePole(channels),
            "rampGain" => new RampGain(channels),
            "blockStartGain" => new BlockStartGain(channels),
            "leaky" => new LeakyIntegrator(channels),
            "forgetful" => new ForgetfulIntegrator(channels),
            "fixedDelay" => new FixedDelay(channels, FramesOf(node)),
            "clock" => new Clock(channels),
            "keys" => new Keys(channels),
            "meter" => new TestMeter(channels),
            "bitProbe" => new BitProbe(channels),
            "failing" => new FailingClip(channels),
            var kind => throw new RenderException(RenderError.BadParameter, $"Node '{node.Id}' ({kind}) cannot be made."),
        };
        Made.Add(made);
        return made;
    }

    private static int FramesOf(GraphNode node) => (int)(node.Parameters.SingleOrDefault()?.Value ?? 4);
}
