using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit.Rendering;

namespace Loophole.Cluster.TestKit.Tests.Rendering;

/// <summary>The healthy processor, or a broken one in its place.</summary>
internal sealed class EchoSubject(Func<int, IProcessor>? create = null, double feedback = 0) : ProcessorSubject, IProcessorFactory
{
    private const int Delay = 100;

    private static readonly ProcessorDescriptor Descriptor = new("echo", [new("level", 0, 2, 1, "lin")], ProcessorTraits.Distributable);

    public override IProcessorFactory Factory => this;

    public override GraphNode Node { get; } = new ProcessorNode { Id = "node:echo", Processor = "echo" };

    public override int? TailFrames => feedback == 0 ? Delay : null;

    /// <summary>What is declared instead of the truth.</summary>
    public int DeclaredLatency { get; init; } = Delay;

    /// <summary>Whether settings are checked.</summary>
    public bool ChecksSettings { get; init; } = true;

    public ProcessorDescriptor? Describe(GraphNode node) => node is ProcessorNode { Processor: "echo" } ? Descriptor : null;

    public int LatencyFrames(GraphNode node, int sampleRate) => DeclaredLatency;

    public double Cost(GraphNode node, int audioChannels) => 1;

    public IProcessor Create(GraphNode node, ProcessorContext context)
    {
        if (ChecksSettings && node.Parameters.Any(p => p.Name != "level" || !double.IsFinite(p.Value)))
        {
            throw new RenderException(RenderError.BadParameter, $"A parameter of node '{node.Id}' is unknown or not finite.");
        }

        return create?.Invoke(context.AudioChannels) ?? new Echo(context.AudioChannels, Delay, feedback);
    }

    public static Echo NewEcho(int channels) => new(channels, Delay, 0);
}
