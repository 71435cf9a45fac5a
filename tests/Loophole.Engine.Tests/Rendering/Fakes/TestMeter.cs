using Loophole.Cluster.Rendering;
using Loophole.Engine.Rendering;

namespace Loophole.Engine.Tests.Rendering.Fakes;

/// <summary>Every call is a window of its own, of which it remembers the largest sample of each channel until it is taken.</summary>
internal sealed class TestMeter(int audioChannels) : TestProcessor(audioChannels, 1), IMeterSource
{
    private readonly Queue<(long Frame, MeterReading[] Readings)> _windows = new();

    public int AudioChannels { get; } = audioChannels;

    public bool TryTake(Span<MeterReading> readings, out long startFrame)
    {
        var isThere = _windows.TryDequeue(out var window);
        startFrame = window.Frame;
        window.Readings?.CopyTo(readings);
        return isThere;
    }

    public override void Process(in ProcessorBlock block)
    {
        var readings = new MeterReading[AudioChannels];
        for (var channel = 0; channel < readings.Length; channel++)
        {
            foreach (var sample in block.Audio.Channel(channel))
            {
                readings[channel] = new MeterReading(Math.Max(readings[channel].Peak, Math.Abs(sample)), 0);
            }
        }

        _windows.Enqueue((block.Frame, readings));
    }

    protected override float Tick(float sample, Span<double> state, Instant now, ReadOnlySpan<ParameterRamp> parameters) => sample;
}
