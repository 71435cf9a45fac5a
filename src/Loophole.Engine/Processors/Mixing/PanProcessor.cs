using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.Samples;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Mixing;

/// <summary>Balances a stereo Channel by <see cref="PanLaw"/>, followed at every frame; leaves any other width alone. No state.</summary>
internal sealed class PanProcessor(ProcessorContext context) : BuiltInProcessor(Kind)
{
    public const string Kind = "pan";

    private static readonly ParameterDescriptor Position = new("position", -1, 1, 0);

    private readonly float[] _gains = new float[context.MaxBlockFrames];

    public static ProcessorDescriptor Descriptor { get; } = new(Kind, [Position], ProcessorTraits.Distributable);

    public override void Reset()
    {
    }

    public override void Process(in ProcessorBlock block)
    {
        var audio = block.Audio;
        if (audio.ChannelCount != 2)
        {
            return;
        }

        ref readonly var ramp = ref block.Parameters[0];
        if (ramp.IsConstant)
        {
            var position = Position.Clamp(ramp.OriginValue);
            Gain.Apply(audio.Channel(0), PanLaw.Left(position));
            Gain.Apply(audio.Channel(1), PanLaw.Right(position));
            return;
        }

        var gains = _gains.AsSpan(0, audio.FrameCount);
        for (var i = 0; i < gains.Length; i++)
        {
            gains[i] = PanLaw.Left(Position.At(ramp, block.Frame + i));
        }

        Gain.Apply(audio.Channel(0), gains);
        for (var i = 0; i < gains.Length; i++)
        {
            gains[i] = PanLaw.Right(Position.At(ramp, block.Frame + i));
        }

        Gain.Apply(audio.Channel(1), gains);
    }

    protected override void WriteState(ref StateWriter writer)
    {
    }

    protected override void ReadState(ref StateReader reader)
    {
    }
}
