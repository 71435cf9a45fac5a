using System.Numerics;
using Loophole.Engine.Processors.Space;

namespace Loophole.Engine.Tests.Processors;

public sealed class SpaceTests
{
    private const int SampleRate = 48_000;

    [Fact]
    public void Echoes_stand_at_multiples_of_the_time_with_the_feedback_as_ratio()
    {
        var result = Rig.Run(Rig.Node("delay", ("time", 0.01), ("feedback", 0.5), ("mix", 0.25)), [Rig.Impulse(5_000)])[0];
        for (var i = 0; i < result.Length; i++)
        {
            var echo = i / 480;
            var expected = i % 480 != 0 ? 0 : i == 0 ? 0.75 : 0.25 * Math.Pow(0.5, echo - 1);
            Assert.Equal((float)expected, result[i]);
        }
    }

    [Fact]
    public void The_shortest_delay_is_one_frame()
    {
        var result = Rig.Run(Rig.Node("delay", ("time", 0), ("feedback", 0), ("mix", 1)), [Rig.Impulse(4)])[0];
        Assert.Equal([0, 1, 0, 0], result);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(777)]
    public void Latency_delays_by_what_it_declares(int frames)
    {
        var node = Rig.Node("latency", ("frames", frames));
        Assert.Equal(frames, Rig.Factory.LatencyFrames(node, SampleRate));
        var result = Rig.Run(node, [Rig.Impulse(1_000), new float[1_000]]);
        Assert.Equal(frames, Array.IndexOf(result[0], 1f));
        Assert.Equal(1, result[0].Sum());
        Assert.Equal(0, result[1].Sum());
    }

    [Theory]
    [InlineData(0, 0.3)]
    [InlineData(0.5, 1.643)]
    [InlineData(1, 9)]
    public void The_reverb_decays_by_60_dB_in_its_stated_time(double roomSize, double seconds)
    {
        // Slope of Schroeder's backward integral (J. Acoust. Soc. Am. 37, 1965) between −5 and −35 dB.
        var frames = (int)(Math.Max(seconds, 0.5) * SampleRate);
        float[][] audio = [Rig.Impulse(frames), new float[frames]];
        var result = Rig.Run(Rig.Node("reverb", ("roomSize", roomSize), ("damping", 0), ("mix", 1)), audio);
        foreach (var channel in result)
        {
            var energy = new double[frames + 1];
            for (var i = frames - 1; i >= 0; i--)
            {
                energy[i] = energy[i + 1] + ((double)channel[i] * channel[i]);
            }

            var start = Array.FindIndex(energy, e => 10 * Math.Log10(e / energy[0]) < -5);
            var end = Array.FindIndex(energy, e => 10 * Math.Log10(e / energy[0]) < -35);
            var measured = 2.0 * (end - start) / SampleRate;
            Assert.InRange(measured / seconds, 0.85, 1.15);
        }
    }

    [Fact]
    public void The_reverb_waits_for_the_pre_delay_and_spreads_one_side_to_both()
    {
        float[][] audio = [Rig.Impulse(20_000), new float[20_000]];
        var result = Rig.Run(Rig.Node("reverb", ("preDelay", 0.1), ("mix", 1)), audio);
        foreach (var channel in result)
        {
            var first = Array.FindIndex(channel, sample => sample != 0);
            Assert.InRange(first, 4_800 + (int)(0.0289 * SampleRate), 4_800 + (int)(0.06 * SampleRate));
            Assert.True(channel.Count(sample => Math.Abs(sample) > 1e-5) > 3_000, "the echoes are sparse");
        }

        Assert.NotEqual(result[0], result[1]);
    }

    [Fact]
    public void The_fast_transform_is_the_matrix()
    {
        for (var column = 0; column < 8; column++)
        {
            var values = new double[8];
            values[column] = 3;
            HadamardTransform.Apply(values);
            Assert.Equal(Enumerable.Range(0, 8).Select(row => BitOperations.PopCount((uint)(row & column)) % 2 == 0 ? 3.0 : -3.0), values);
        }
    }

    [Fact]
    public void Damping_takes_high_frequencies_first()
    {
        double HighShare(double damping)
        {
            var wet = Rig.Run(Rig.Node("reverb", ("roomSize", 0.7), ("damping", damping), ("mix", 1)), [Rig.Impulse(48_000)])[0].AsSpan(24_000);
            var (all, high) = (0.0, 0.0);
            for (var i = 1; i < wet.Length; i++)
            {
                all += (double)wet[i] * wet[i];
                high += ((double)wet[i] - wet[i - 1]) * ((double)wet[i] - wet[i - 1]);
            }

            return high / all;
        }

        Assert.InRange(HighShare(0), 1, 3);
        Assert.InRange(HighShare(0.8), 0, 0.2);
    }

    [Fact]
    public void Dry_is_untouched_at_mix_0_and_when_disabled()
    {
        var audio = Rig.Noise(new Random(1), 3_000, 1);
        foreach (var kind in new[] { "delay", "reverb" })
        {
            Assert.Equal(audio, Rig.Run(Rig.Node(kind, ("mix", 0)), [audio.ToArray()])[0]);
            Assert.Equal(audio, Rig.Run(Rig.Node(kind, ("mix", 1), ("enabled", 0)), [audio.ToArray()])[0]);
        }
    }
}
