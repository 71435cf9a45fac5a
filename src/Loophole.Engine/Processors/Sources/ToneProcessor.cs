using Loophole.Cluster.Numerics;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Sources;

/// <summary>Adds a sine, starting at phase 0 after a reset, to every audio channel.</summary>
/// <remarks>The phase is a 64-bit fraction of a turn to which each frame adds a whole number, so that no rounding depends on where calls begin.</remarks>
internal sealed class ToneProcessor(ProcessorContext context) : BuiltInProcessor(Kind)
{
    public const string Kind = "tone";

    private const double UnitsPerTurn = 18446744073709551616.0;
    private const double RadiansPerUnit = 6.283185307179586 / UnitsPerTurn;

    private static readonly ParameterDescriptor Frequency = new("frequency", 0, 192_000, 440, "Hz");
    private static readonly ParameterDescriptor Level = new("level", 0, 64, 0.25, "lin");

    private readonly float[] _tone = new float[context.MaxBlockFrames];
    private ulong _phase;

    public static ProcessorDescriptor Descriptor { get; } = new(Kind, [Frequency, Level], ProcessorTraits.Distributable);

    public override void Reset() => _phase = 0;

    public override void Process(in ProcessorBlock block)
    {
        var audio = block.Audio;
        var tone = _tone.AsSpan(0, audio.FrameCount);
        ref readonly var frequency = ref block.Parameters[0];
        ref readonly var level = ref block.Parameters[1];
        var increment = Increment(Frequency.At(frequency, block.Frame));
        for (var i = 0; i < tone.Length; i++)
        {
            tone[i] = (float)(Level.At(level, block.Frame + i) * ExactMath.Sin((long)_phase * RadiansPerUnit));
            if (!frequency.IsConstant)
            {
                increment = Increment(Frequency.At(frequency, block.Frame + i));
            }

            _phase += increment;
        }

        for (var channel = 0; channel < audio.ChannelCount; channel++)
        {
            var samples = audio.Channel(channel);
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] += tone[i];
            }
        }
    }

    protected override void WriteState(ref StateWriter writer) => writer.Write(_phase);

    protected override void ReadState(ref StateReader reader) => _phase = reader.ReadUInt64();

    /// <summary>Phase units per frame, at most half a turn (the Nyquist frequency).</summary>
    private ulong Increment(double frequency) => (ulong)Math.Floor((Math.Min(frequency / context.SampleRate, 0.5) * UnitsPerTurn) + 0.5);
}
