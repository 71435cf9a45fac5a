using Loophole.Cluster.Graph;

namespace Loophole.Engine.Tests.Media;

/// <summary>The resampler against the analytic signal. Frequencies are in cycles per source frame.</summary>
public sealed class ResamplerQualityTests
{
    private const int SourceFrames = 60_000;

    private readonly MemoryMedia _media = new();

    [Theory]
    [InlineData(44100.0 / 48000, 0.45, -110)]
    [InlineData(0.5, 0.45, -110)]
    [InlineData(0.123456, 0.45, -110)]
    [InlineData(1.0, 0.45, -110)]
    [InlineData(1.0594630943592953, 0.45 / 1.0594630943592953 / 1.03, -110)]
    [InlineData(48000.0 / 44100, 0.45 * 44100 / 48000 / 1.01, -110)]
    [InlineData(2, 0.225, -110)]
    [InlineData(4, 0.1125, -110)]
    [InlineData(64, 0.45 / 64, -110)]
    public void Sines_in_the_pass_band_come_out_as_the_formula_says(double step, double highest, double mostErrorDecibels)
    {
        var worst = 0.0;
        for (var part = 1; part <= 30; part++)
        {
            var frequency = highest * part / 30;
            var played = Play(frequency, step, out var start);
            for (var frame = 0; frame < played.Length; frame++)
            {
                worst = Math.Max(worst, Math.Abs(played[frame] - Math.Sin(2 * Math.PI * frequency * (start + (frame * step)))));
            }
        }

        Report(step, "pass band error", worst, mostErrorDecibels);
    }

    [Theory]
    [InlineData(1.3, -110)]
    [InlineData(2, -110)]
    [InlineData(96000.0 / 44100, -110)]
    [InlineData(4, -110)]
    [InlineData(16, -110)]
    [InlineData(64, -110)]
    public void Sines_in_the_stop_band_are_gone(double step, double mostDecibels)
    {
        var worst = 0.0;
        for (var part = 0; part < 30; part++)
        {
            var frequency = (0.55 / step) + ((0.5 - (0.55 / step)) * part / 30);
            worst = Math.Max(worst, Play(frequency, step, out _).Max(Math.Abs));
        }

        Report(step, "stop band residue", worst, mostDecibels);
    }

    [Fact]
    public void A_rising_sweep_from_44100_to_48000_follows_the_formula()
    {
        // Instantaneous frequency rises from 0 to 0.45 cycles per source frame.
        static double Sweep(double at) => Math.Sin(Math.PI * 0.45 / SourceFrames * at * at);
        var played = Play(Sweep, 44100.0 / 48000, 60.25, 60_000);
        var worst = played.Index().Max(s => Math.Abs(s.Item - Sweep(60.25 + (s.Index * 44100.0 / 48000))));
        Report(44100.0 / 48000, "sweep error", worst, -110);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.7)]
    [InlineData(33.3)]
    public void A_constant_stays_a_constant(double step)
    {
        var played = Play(_ => 1, step, SourceFrames / 2.5, 100);
        Assert.All(played, s => Assert.Equal(1, s, 3e-7));
    }

    private static void Report(double step, string what, double worst, double mostDecibels)
    {
        var decibels = 20 * Math.Log10(worst);
        TestContext.Current.TestOutputHelper?.WriteLine($"step {step:F4}: {what} {decibels:F1} dB");
        Assert.InRange(decibels, double.NegativeInfinity, mostDecibels);
    }

    private float[] Play(double frequency, double step, out double start)
    {
        start = Math.Ceiling(45 * Math.Max(1, step) * 1.05) + 0.3;
        var frames = (int)Math.Min(8000, (SourceFrames - (2 * start)) / step);
        return Play(at => Math.Sin(2 * Math.PI * frequency * at), step, start, frames);
    }

    private float[] Play(Func<double, double> signal, double step, double start, int frames)
    {
        float[] source = [.. Enumerable.Range(0, SourceFrames).Select(i => (float)signal(i))];
        var region = new ClipRegion { StartFrame = 0, EndFrame = frames, Media = _media.Add(WavBytes.Float(44100, source)), SourceStartFrame = start, SourceStep = step };
        using var scene = new LaneScene(_media, 1, region);
        return scene.Play(0, frames, 480)[0];
    }
}
