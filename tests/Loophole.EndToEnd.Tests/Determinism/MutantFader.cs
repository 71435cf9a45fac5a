using System.Buffers;
using System.Buffers.Binary;
using Loophole.Cluster.Rendering;

namespace Loophole.EndToEnd.Tests.Determinism;

/// <summary>A fader with a one-pole smoother, right but for one fault.</summary>
internal sealed class MutantFader(string fault) : IProcessor
{
    public static readonly string[] Faults = ["gain-of-block-start", "ramp-from-block-start", "forgets-state", "counts-instances", "random", "resets-each-block"];

    private static int _instances;

    private readonly int _instance = Interlocked.Increment(ref _instances);
    private readonly Random _random = new();
    private double _smooth;

    public void Reset() => _smooth = 0;

    public void Process(in ProcessorBlock block)
    {
        if (fault == "resets-each-block")
        {
            Reset();
        }

        var volume = block.Parameters[0];
        for (var frame = 0; frame < block.Audio.FrameCount; frame++)
        {
            var target = fault switch
            {
                "gain-of-block-start" => volume.At(block.Frame),
                "ramp-from-block-start" => volume.At(block.Frame) + (frame * volume.SlopePerFrame * 1.0000001),
                "counts-instances" => volume.At(block.Frame + frame) + (_instance * 1e-9),
                "random" => volume.At(block.Frame + frame) + (_random.NextDouble() * 1e-6),
                _ => volume.At(block.Frame + frame),
            };
            _smooth += (target - _smooth) * 0.25;
            for (var channel = 0; channel < block.Audio.ChannelCount; channel++)
            {
                block.Audio.Channel(channel)[frame] *= (float)_smooth;
            }
        }
    }

    public void Save(IBufferWriter<byte> destination)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(destination.GetSpan(sizeof(double)), fault == "forgets-state" ? 0 : _smooth);
        destination.Advance(sizeof(double));
    }

    public void Restore(ReadOnlySpan<byte> state) => _smooth = BinaryPrimitives.ReadDoubleLittleEndian(state);

    public void Dispose()
    {
    }
}
