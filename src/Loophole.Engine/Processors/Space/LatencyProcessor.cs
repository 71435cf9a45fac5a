using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Space;

/// <summary>Delays audio by a number of frames and declares them as latency. For tests of delay compensation.</summary>
internal sealed class LatencyProcessor(GraphNode node, ProcessorContext context) : BuiltInProcessor(Kind)
{
    public const string Kind = "latency";

    private static readonly ParameterDescriptor Frames = new("frames", 0, 96_000, 0, IsFixed: true);

    private readonly DelayLine[] _lines = DelayLine.Array(context.AudioChannels, LatencyFrames(node));

    public static ProcessorDescriptor Descriptor { get; } = new(Kind, [Frames], ProcessorTraits.Distributable);

    public static int LatencyFrames(GraphNode node) => (int)Math.Floor(NodeSettings.Fixed(node, Frames) + 0.5);

    public override void Reset()
    {
        foreach (var line in _lines)
        {
            line.Clear();
        }
    }

    public override void Process(in ProcessorBlock block)
    {
        for (var channel = 0; channel < _lines.Length; channel++)
        {
            _lines[channel].Exchange(block.Audio.Channel(channel));
        }
    }

    protected override void WriteState(ref StateWriter writer)
    {
        foreach (var line in _lines)
        {
            line.Save(ref writer);
        }
    }

    protected override void ReadState(ref StateReader reader)
    {
        foreach (var line in _lines)
        {
            line.Restore(ref reader);
        }
    }
}
