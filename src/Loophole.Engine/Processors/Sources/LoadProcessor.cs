using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Sources;

/// <summary>Burns a known amount of processor time per frame and leaves the audio alone: each operation is a multiply and an add that wait for the one before.</summary>
internal sealed class LoadProcessor(GraphNode node) : BuiltInProcessor(Kind)
{
    public const string Kind = "load";

    // A recursion that tends to 1/2: it neither overflows nor ends in denormals.
    private const double Factor = 0.9990234375;
    private const double Offset = 0.00048828125;

    private static readonly ParameterDescriptor Operations = new("operations", 0, 100_000, 1_000, IsFixed: true);

    private readonly int _operations = OperationsPerFrame(node);
    private double _value;

    public static ProcessorDescriptor Descriptor { get; } = new(Kind, [Operations], ProcessorTraits.Distributable);

    public static int OperationsPerFrame(GraphNode node) => (int)NodeSettings.Fixed(node, Operations);

    public override void Reset() => _value = 0;

    public override void Process(in ProcessorBlock block)
    {
        // The result is state and is saved, so the loop cannot be optimised away.
        var value = _value;
        for (var left = (long)_operations * block.Audio.FrameCount; left > 0; left--)
        {
            value = (value * Factor) + Offset;
        }

        _value = value;
    }

    protected override void WriteState(ref StateWriter writer) => writer.Write(_value);

    protected override void ReadState(ref StateReader reader) => _value = reader.ReadDouble(0, 1);
}
