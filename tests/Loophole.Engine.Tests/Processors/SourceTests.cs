using Loophole.Engine.Processors.Sources;

namespace Loophole.Engine.Tests.Processors;

public sealed class SourceTests
{
    // Computed by a separate program from the published constants.
    private static readonly float[] RecordedNoise = [-0.7933449745f, -0.04006707668f, -0.7510434389f, 0.7112846375f, -0.2652546167f, -0.5854222775f];

    [Theory]
    [InlineData(440, 48_000)]
    [InlineData(997.3, 44_100)]
    [InlineData(23_999, 48_000)]
    public void A_tone_is_a_sine_for_as_long_as_it_sounds(double frequency, int sampleRate)
    {
        // Turns counted in decimal: exact where a double phase would have drifted.
        var audio = Rig.Run(Rig.Node("tone", ("frequency", frequency), ("level", 0.5)), [new float[200_000]], sampleRate)[0];
        for (var i = 0; i < audio.Length; i += 37)
        {
            var turns = (decimal)frequency * i / sampleRate;
            Assert.Equal(0.5 * Math.Sin(2 * Math.PI * (double)(turns - Math.Floor(turns))), audio[i], 4e-8);
        }
    }

    [Fact]
    public void A_tone_adds_to_the_audio()
    {
        var audio = Enumerable.Repeat(0.125f, 100).ToArray();
        var result = Rig.Run(Rig.Node("tone", ("frequency", 12_000), ("level", 1)), [audio])[0];
        Assert.Equal([0.125f, 1.125f, 0.125f, -0.875f], result[..4]);
    }

    [Fact]
    public void Noise_is_white_uniform_and_different_per_channel_and_seed()
    {
        const int Count = 200_000;
        var first = Rig.Run(Rig.Node("noise", ("seed", 7), ("level", 1)), [new float[Count], new float[Count]]);
        var second = Rig.Run(Rig.Node("noise", ("seed", 8), ("level", 1)), [new float[Count]]);
        Assert.InRange(first[0].Average(sample => (double)sample), -0.006, 0.006);
        Assert.InRange(first[0].Average(sample => (double)sample * sample), 0.328, 0.338);
        Assert.InRange(first[0].Min(), -1, -0.999);
        Assert.InRange(first[0].Max(), 0.999, 1);
        Assert.InRange(Correlation(first[0], first[1], 0), -0.01, 0.01);
        Assert.InRange(Correlation(first[0], second[0], 0), -0.01, 0.01);
        for (var lag = 1; lag <= 16; lag++)
        {
            Assert.InRange(Correlation(first[0], first[0], lag), -0.01, 0.01);
        }
    }

    [Fact]
    public void Noise_has_the_recorded_values()
    {
        var audio = Rig.Run(Rig.Node("noise", ("level", 1)), [new float[3], new float[3]]);
        Assert.Equal(RecordedNoise, audio.SelectMany(channel => channel));
    }

    [Fact]
    public void A_load_leaves_the_audio_alone_and_costs_what_it_is_told()
    {
        var audio = Rig.Noise(new Random(1), 2_000, 1);
        Assert.Equal(audio, Rig.Run(Rig.Node("load", ("operations", 300)), [audio.ToArray()])[0]);

        using var load = new LoadProcessor(Rig.Node("load", ("operations", 10)));
        var idle = Rig.Save(load);
        Rig.Run(load, [new float[1]], 0, []);
        Assert.NotEqual(idle, Rig.Save(load));
        Assert.Equal(10, Rig.Factory.Cost(Rig.Node("load", ("operations", 10_000)), 2) / Rig.Factory.Cost(Rig.Node("load", ("operations", 1_000)), 2), 0.1);
    }

    private static double Correlation(float[] a, float[] b, int lag)
    {
        var sum = 0.0;
        for (var i = lag; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i - lag];
        }

        return sum / a.Length * 3;
    }
}
