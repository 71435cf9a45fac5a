using System.Globalization;
using Loophole.Engine.Processors.Dynamics;

namespace Loophole.Engine.Tests.Processors;

public sealed class DynamicsTests(ITestOutputHelper output)
{
    private const int SampleRate = 48_000;

    [Theory]
    [InlineData(-20, 4, 0)]
    [InlineData(-20, 4, 6)]
    [InlineData(-35, 1.5, 20)]
    [InlineData(-10, 100, 12)]
    public void The_static_curve_of_the_compressor_is_the_published_one(double threshold, double ratio, double knee)
    {
        var worst = 0.0;
        for (var level = -60.0; level <= 20; level += 0.5)
        {
            // A constant: its level is its magnitude, and attack 0 makes the curve act at once.
            var audio = Enumerable.Repeat((float)Math.Pow(10, level / 20), 400).ToArray();
            var node = Rig.Node("compressor", ("threshold", threshold), ("ratio", ratio), ("knee", knee), ("attack", 0), ("release", 0));
            var actual = 20 * Math.Log10(Rig.Run(node, [audio])[0][399]);
            var over = level - threshold;
            var expected = 2 * over < -knee ? level
                : 2 * Math.Abs(over) <= knee && knee > 0 ? level + (((1 / ratio) - 1) * Math.Pow(over + (knee / 2), 2) / (2 * knee))
                : threshold + (over / ratio);
            worst = Math.Max(worst, Math.Abs(actual - expected));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"worst {worst:E2} dB"));
        Assert.InRange(worst, 0, 2e-6);
    }

    [Theory]
    [InlineData(0.001, 0.05)]
    [InlineData(0.02, 0.5)]
    public void The_compressor_attacks_and_releases_with_its_time_constants(double attack, double release)
    {
        // A step from far below to 20 dB above the threshold: 15 dB of reduction at ratio 4, reached to 1 − 1/e after the attack time.
        var node = Rig.Node("compressor", ("threshold", -20), ("ratio", 4), ("knee", 0), ("attack", attack), ("release", release));
        var (loud, total) = (SampleRate, 2 * SampleRate);
        var audio = new float[total];
        audio.AsSpan(0, loud).Fill(1);
        audio.AsSpan(loud).Fill(1e-4f);
        var result = Rig.Run(node, [audio])[0];
        var attackFrames = (int)(attack * SampleRate);
        var reached = -20 * Math.Log10(result[attackFrames - 1]);
        Assert.Equal(15 * (1 - Math.Exp(-1)), reached, 1e-5);
        Assert.Equal(15, -20 * Math.Log10(result[loud - 1]), 1e-5);

        // The release stage decays by e^(−n/(τR)); the attack stage smooths it once more (decoupled detector), which has a closed form.
        var releaseFrames = (int)(release * SampleRate);
        var (a, r) = (Math.Exp(-1 / (attack * SampleRate)), Math.Exp(-1 / (release * SampleRate)));
        var n = releaseFrames;
        var expected = 15 * (Math.Pow(a, n) + ((1 - a) * r * (Math.Pow(r, n) - Math.Pow(a, n)) / (r - a)));
        Assert.Equal(expected, -20 * Math.Log10(result[loud + releaseFrames - 1] / 1e-4f), 1e-5);
    }

    [Fact]
    public void The_compressor_gives_all_channels_the_gain_of_the_loudest_and_applies_its_gains()
    {
        var loud = Enumerable.Repeat(0.5f, 1_000).ToArray();
        var quiet = Enumerable.Repeat(0.001f, 1_000).ToArray();
        var node = Rig.Node("compressor", ("threshold", -20), ("ratio", 2), ("knee", 0), ("attack", 0), ("inputGain", 6), ("outputGain", -2), ("autoMakeup", 1));
        var result = Rig.Run(node, [loud, quiet]);
        Assert.Equal(500, result[0][999] / (double)result[1][999], 1e-3);

        // Level 0.5 at +6 dB; halfway to the threshold; make-up of half of the 10 dB that 0 dB would lose; −2 dB.
        var level = (20 * Math.Log10(0.5)) + 6;
        Assert.Equal(((level - 20) / 2) + 5 - 2, 20 * Math.Log10(result[0][999]), 1e-5);
    }

    [Fact]
    public void No_sample_of_the_limiter_is_above_its_threshold()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var audio = new[] { Bursts(random), Bursts(random) };
            var threshold = -30 * random.NextDouble();
            var node = Rig.Node(
                "limiter", ("threshold", threshold), ("release", random.NextDouble() * 0.2), ("lookAhead", seed % 5 == 0 ? 0 : random.NextDouble() * 0.02), ("inputGain", 30 * random.NextDouble()));
            var ceiling = Math.Pow(10, threshold / 20);
            foreach (var channel in Rig.Run(node, audio))
            {
                Assert.True(channel.Max(Math.Abs) <= ceiling, $"seed {seed}");
                Assert.True(channel.Max(Math.Abs) >= ceiling * 0.99, $"seed {seed}: the limiter takes more than it must");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(97)]
    public void The_gain_of_the_limiter_is_never_above_what_the_frame_needs(int lookAhead)
    {
        var random = new Random(lookAhead);
        var envelope = new LimiterEnvelope(lookAhead, SampleRate);
        var needed = new long[20_000];
        for (var i = 0; i < needed.Length; i++)
        {
            needed[i] = random.Next(50) == 0 ? random.NextInt64(LimiterEnvelope.One) : LimiterEnvelope.One;
            envelope.Follow(0.001);
            var gain = envelope.Next(needed[i]);
            Assert.True(i < lookAhead || gain <= needed[i - lookAhead] / (double)LimiterEnvelope.One, $"frame {i}");
        }
    }

    [Fact]
    public void The_limiter_stays_below_its_threshold_by_its_gain_alone()
    {
        // Clipping would show as a gain that jumps: over a steady tone the gain has to move slowly.
        var audio = new float[SampleRate];
        for (var i = 0; i < audio.Length; i++)
        {
            audio[i] = (float)(Math.Sin(2 * Math.PI * 997 * i / SampleRate) * (i < SampleRate / 2 ? 0.5 : 4));
        }

        var result = Rig.Run(Rig.Node("limiter", ("threshold", -1), ("release", 0.2)), [audio.ToArray()])[0];
        const int Latency = 240;
        var previous = 1.0;
        for (var i = Latency; i < audio.Length; i++)
        {
            if (Math.Abs(audio[i - Latency]) > 0.05)
            {
                var gain = result[i] / (double)audio[i - Latency];
                Assert.InRange(Math.Abs(gain - previous), 0, 0.02);
                previous = gain;
            }
        }

        Assert.Equal(Math.Pow(10, -1 / 20.0) / 4, previous, 5e-3);
    }

    [Fact]
    public void The_limiter_passes_what_needs_no_limiting_bit_for_bit_and_late_by_its_latency()
    {
        var audio = Rig.Noise(new Random(5), 5_000, 0.8);
        foreach (var enabled in new[] { 1, 0 })
        {
            var node = Rig.Node("limiter", ("lookAhead", 0.002), ("enabled", enabled));
            var latency = Rig.Factory.LatencyFrames(node, SampleRate);
            Assert.Equal(96, latency);
            var result = Rig.Run(node, [audio.ToArray()])[0];
            Assert.Equal(audio[..^latency], result[latency..]);
            Assert.All(result[..latency], sample => Assert.Equal(0, sample));
        }
    }

    private static float[] Bursts(Random random)
    {
        var audio = new float[8_000];
        for (var start = 0; start < audio.Length;)
        {
            var length = Math.Min(random.Next(1, 900), audio.Length - start);
            Rig.Noise(random, length, Math.Pow(10, (3 * random.NextDouble()) - 1.5)).CopyTo(audio, start);
            start += length;
        }

        audio[random.Next(audio.Length / 2)] = 1e4f;
        audio[(audio.Length / 2) + random.Next(1_000)] = 50;
        return audio;
    }
}
