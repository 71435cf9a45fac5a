using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Samples;
using Loophole.Engine.Processors.State;
using Loophole.Engine.Rendering;

namespace Loophole.Engine.Processors.Mixing;

/// <summary>Measures peak and RMS since the last reset and passes audio unchanged. Samples that are not finite count as 0.</summary>
internal sealed class MeterProcessor(ProcessorContext context) : BuiltInProcessor(Kind), IMeterSource
{
    public const string Kind = "meter";

    private readonly double[] _peaks = new double[context.AudioChannels];
    private readonly double[] _squareSums = new double[context.AudioChannels];
    private long _frameCount;

    public static ProcessorDescriptor Descriptor { get; } = new(Kind, [], ProcessorTraits.Distributable);

    public bool TryRead(int audioChannel, out MeterReading reading)
    {
        var isHere = (uint)audioChannel < (uint)_peaks.Length;
        reading = isHere ? new MeterReading(_peaks[audioChannel], _frameCount == 0 ? 0 : Math.Sqrt(_squareSums[audioChannel] / _frameCount), _frameCount) : default;
        return isHere;
    }

    public override void Reset()
    {
        Array.Clear(_peaks);
        Array.Clear(_squareSums);
        _frameCount = 0;
    }

    public override void Process(in ProcessorBlock block)
    {
        var audio = block.Audio;
        for (var channel = 0; channel < audio.ChannelCount; channel++)
        {
            // Added one by one in frame order: a sum of partial sums would depend on where calls begin.
            var (peak, squareSum) = (_peaks[channel], _squareSums[channel]);
            foreach (var sample in audio.Channel(channel))
            {
                var value = (double)Sanitize.Input(sample);
                peak = Math.Max(peak, Math.Abs(value));
                squareSum += value * value;
            }

            (_peaks[channel], _squareSums[channel]) = (peak, squareSum);
        }

        _frameCount += audio.FrameCount;
    }

    protected override void WriteState(ref StateWriter writer)
    {
        writer.Write(_frameCount);
        writer.Write(_peaks);
        writer.Write(_squareSums);
    }

    protected override void ReadState(ref StateReader reader)
    {
        _frameCount = reader.ReadInt64(0, long.MaxValue);
        reader.Read(_peaks, 0, double.MaxValue);
        reader.Read(_squareSums, 0, double.MaxValue);
    }
}
