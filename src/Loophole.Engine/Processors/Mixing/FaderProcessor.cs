using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.Samples;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Mixing;

/// <summary>Scales by a linear gain, followed at every frame; muted frames are exactly +0. No state.</summary>
internal sealed class FaderProcessor(ProcessorContext context) : BuiltInProcessor(Kind)
{
    public const string Kind = "fader";

    private static readonly ParameterDescriptor Volume = new("volume", 0, 64, 1, "lin");
    private static readonly ParameterDescriptor Mute = new("mute", 0, 1, 0, "bool");

    private readonly float[] _gains = new float[context.MaxBlockFrames];

    public static ProcessorDescriptor Descriptor { get; } = new(Kind, [Volume, Mute], ProcessorTraits.Distributable);

    public override void Reset()
    {
    }

    public override void Process(in ProcessorBlock block)
    {
        var audio = block.Audio;
        ref readonly var volume = ref block.Parameters[0];
        ref readonly var mute = ref block.Parameters[1];
        if (mute.IsConstant && Mute.IsOnAt(mute, block.Frame))
        {
            audio.Clear();
            return;
        }

        var gains = _gains.AsSpan(0, audio.FrameCount);
        if (!volume.IsConstant)
        {
            for (var i = 0; i < gains.Length; i++)
            {
                gains[i] = (float)Volume.At(volume, block.Frame + i);
            }
        }

        for (var channel = 0; channel < audio.ChannelCount; channel++)
        {
            if (volume.IsConstant)
            {
                Gain.Apply(audio.Channel(channel), (float)Volume.Clamp(volume.OriginValue));
            }
            else
            {
                Gain.Apply(audio.Channel(channel), gains);
            }

            if (!mute.IsConstant)
            {
                Silence(audio.Channel(channel), mute, block.Frame);
            }
        }
    }

    protected override void WriteState(ref StateWriter writer)
    {
    }

    protected override void ReadState(ref StateReader reader)
    {
    }

    private static void Silence(Span<float> audio, in ParameterRamp mute, long frame)
    {
        for (var i = 0; i < audio.Length; i++)
        {
            if (Mute.IsOnAt(mute, frame + i))
            {
                // Not a product with 0, which would leave −0 and NaN behind.
                audio[i] = 0;
            }
        }
    }
}
