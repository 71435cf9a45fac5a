using Loophole.Cluster.Rendering;
using Loophole.Engine.Rendering;

namespace Loophole.Engine.Tests.Rendering.Fakes;

/// <summary>Remembers the largest sample of each channel.</summary>
internal sealed class TestMeter(int audioChannels) : TestProcessor(audioChannels, 1), IMeterSource
{
    private readonly double[] _peaks = new double[audioChannels];

    public bool TryRead(int audioChannel, out MeterReading reading)
    {
        reading = audioChannel < _peaks.Length ? new MeterReading(_peaks[audioChannel], 0, 0) : default;
        return audioChannel < _peaks.Length;
    }

    public override void Process(in ProcessorBlock block)
    {
        for (var channel = 0; channel < block.Audio.ChannelCount; channel++)
        {
            foreach (var sample in block.Audio.Channel(channel))
            {
                _peaks[channel] = Math.Max(_peaks[channel], Math.Abs(sample));
            }
        }
    }

    protected override float Tick(float sample, Span<double> state, Instant now, ReadOnlySpan<ParameterRamp> parameters) => sample;
}
