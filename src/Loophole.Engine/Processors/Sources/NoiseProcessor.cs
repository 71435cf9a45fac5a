using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Sources;

/// <summary>Adds white noise, uniform from −level to +level, to every audio channel, each with a sequence of its own.</summary>
/// <remarks>Sample n of a channel is a hash of its key and n: the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom
/// number generators", OOPSLA 2014; constants by D. Stafford, mix 13). The state is n alone.</remarks>
internal sealed class NoiseProcessor : BuiltInProcessor
{
    public const string Kind = "noise";

    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;
    private const int UnusedBits = 40;
    private const int Middle = 1 << 23;

    private static readonly ParameterDescriptor Seed = new("seed", 0, uint.MaxValue, 1, IsFixed: true);
    private static readonly ParameterDescriptor Level = new("level", 0, 64, 0.25, "lin");

    private readonly float[] _levels;
    private readonly ulong[] _keys;
    private ulong _position;

    public NoiseProcessor(GraphNode node, ProcessorContext context)
        : base(Kind)
    {
        _levels = new float[context.MaxBlockFrames];
        _keys = new ulong[context.AudioChannels];
        var seed = (ulong)NodeSettings.Fixed(node, Seed);
        for (var channel = 0; channel < _keys.Length; channel++)
        {
            _keys[channel] = Mix((seed << 8) + (ulong)channel);
        }
    }

    public static ProcessorDescriptor Descriptor { get; } = new(Kind, [Seed, Level], ProcessorTraits.Distributable);

    public override void Reset() => _position = 0;

    public override void Process(in ProcessorBlock block)
    {
        var audio = block.Audio;
        var levels = _levels.AsSpan(0, audio.FrameCount);
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = (float)Level.At(block.Parameters[1], block.Frame + i);
        }

        for (var channel = 0; channel < audio.ChannelCount; channel++)
        {
            var samples = audio.Channel(channel);
            var counter = _keys[channel] + (_position * GoldenRatio);
            for (var i = 0; i < samples.Length; i++)
            {
                // The upper 24 bits fill a float's significand exactly.
                var whole = (int)(Mix(counter) >> UnusedBits) - Middle;
                samples[i] += levels[i] * (whole * (1f / Middle));
                counter += GoldenRatio;
            }
        }

        _position += (ulong)audio.FrameCount;
    }

    protected override void WriteState(ref StateWriter writer) => writer.Write(_position);

    protected override void ReadState(ref StateReader reader) => _position = reader.ReadUInt64();

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
