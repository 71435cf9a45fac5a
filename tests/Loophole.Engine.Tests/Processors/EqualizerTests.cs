using System.Globalization;
using System.Numerics;

namespace Loophole.Engine.Tests.Processors;

public sealed class EqualizerTests(ITestOutputHelper output)
{
    private const int SampleRate = 48_000;
    private const double StatedDecibels = 0.0001;

    // Below −40 dB the samples of the response are rounded to floats too coarsely for a figure in dB; there the error is bounded at −120 dB.
    private const double PassBand = 0.01;
    private const double StopBandError = 1e-6;

    public static TheoryData<int, double, double, double, int> Bands
    {
        get
        {
            var data = new TheoryData<int, double, double, double, int>();
            foreach (var (frequency, gain, q) in new[] { (60.0, 6.0, 0.7071067811865476), (1_000, -12, 2), (5_000, 18, 0.5), (15_000, 3, 8) })
            {
                for (var type = 0; type <= 6; type++)
                {
                    data.Add(type, frequency, gain, q, 2);
                }

                data.Add(0, frequency, gain, q, 4);
                data.Add(1, frequency, gain, q, 6);
                data.Add(0, frequency, gain, q, 8);
            }

            return data;
        }
    }

    /// <summary>The reference is not the cookbook's coefficients but the analogue prototype under the bilinear transform: H(s) at s = j tan(ω/2) / tan(ω₀/2).</summary>
    [Theory]
    [MemberData(nameof(Bands))]
    public void The_frequency_response_is_that_of_the_analogue_prototype(int type, double frequency, double gain, double q, int order)
    {
        var node = Rig.Node("equalizer", ("band3.type", type), ("band3.frequency", frequency), ("band3.gain", gain), ("band3.q", q), ("band3.order", order));
        var response = Rig.Run(node, [Rig.Impulse(1 << 16)])[0];
        var worst = 0.0;
        for (var probe = 20.0; probe < 23_000; probe *= 1.25)
        {
            var expected = Prototype(type, Math.Tan(Math.PI * probe / SampleRate) / Math.Tan(Math.PI * frequency / SampleRate), gain, q, order).Magnitude;
            var actual = Transform(response, probe).Magnitude;
            Assert.Equal(expected, actual, StopBandError);
            if (expected > PassBand)
            {
                worst = Math.Max(worst, Math.Abs(20 * Math.Log10(actual / expected)));
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"worst {worst:E2} dB"));
        Assert.InRange(worst, 0, StatedDecibels);
    }

    [Fact]
    public void Bands_act_one_after_another_between_the_gains()
    {
        var node = Rig.Node(
            "equalizer", ("inputGain", 6), ("outputGain", -3), ("band1.frequency", 300), ("band1.gain", 6), ("band16.type", 4), ("band16.frequency", 2_000), ("band16.gain", -9));
        var response = Rig.Run(node, [Rig.Impulse(1 << 15)])[0];
        foreach (var probe in new[] { 50.0, 300, 1_000, 2_000, 9_000 })
        {
            var bell = Prototype(5, Math.Tan(Math.PI * probe / SampleRate) / Math.Tan(Math.PI * 300 / SampleRate), 6, Math.Sqrt(0.5), 2);
            var shelf = Prototype(4, Math.Tan(Math.PI * probe / SampleRate) / Math.Tan(Math.PI * 2_000 / SampleRate), -9, Math.Sqrt(0.5), 2);
            var expected = 3 + (20 * Math.Log10((bell * shelf).Magnitude));
            Assert.Equal(expected, 20 * Math.Log10(Transform(response, probe).Magnitude), StatedDecibels);
        }
    }

    [Fact]
    public void Only_bands_that_are_set_exist()
    {
        Assert.Equal(3, Rig.Factory.Describe(Rig.Node("equalizer"))!.Parameters.Length);
        Assert.Equal(9, Rig.Factory.Describe(Rig.Node("equalizer", ("band7.gain", 3)))!.Parameters.Length);
        Assert.True(Rig.Factory.Cost(Rig.Node("equalizer", ("band7.gain", 3)), 2) > Rig.Factory.Cost(Rig.Node("equalizer"), 2));
    }

    [Theory]
    [InlineData("enabled")]
    [InlineData("band1.enabled")]
    public void What_is_disabled_leaves_the_audio_alone(string parameter)
    {
        var audio = Rig.Noise(new Random(1), 1_000, 1);
        var node = Rig.Node("equalizer", ("band1.gain", 12), (parameter, 0));
        Assert.Equal(audio, Rig.Run(node, [audio.ToArray()])[0]);
    }

    [Fact]
    public void A_band_above_the_Nyquist_frequency_stays_stable()
    {
        var node = Rig.Node("equalizer", ("band1.type", 1), ("band1.frequency", 40_000), ("band1.q", 20));
        Assert.All(Rig.Run(node, [Rig.Noise(new Random(2), 20_000, 1)], 8_000)[0], sample => Assert.InRange(sample, -100, 100));
    }

    private static Complex Prototype(int type, double frequency, double gain, double q, int order)
    {
        var s = new Complex(0, frequency);
        var root = Math.Pow(10, gain / 40);
        switch (type)
        {
            case 0 or 1:
                var pass = Complex.One;
                for (var k = 1; k <= order / 2; k++)
                {
                    var sectionQ = 1 / (2 * Math.Cos(((2 * k) - 1) * Math.PI / (2 * order)));
                    sectionQ = k == order / 2 ? sectionQ * q / Math.Sqrt(0.5) : sectionQ;
                    pass *= (type == 0 ? s * s : 1) / ((s * s) + (s / sectionQ) + 1);
                }

                return pass;
            case 2:
                return s / q / ((s * s) + (s / q) + 1);
            case 3:
                return root * ((root * s * s) + (Math.Sqrt(root) / q * s) + 1) / ((s * s) + (Math.Sqrt(root) / q * s) + root);
            case 4:
                return root * ((s * s) + (Math.Sqrt(root) / q * s) + root) / ((root * s * s) + (Math.Sqrt(root) / q * s) + 1);
            case 5:
                return ((s * s) + (s * root / q) + 1) / ((s * s) + (s / (root * q)) + 1);
            default:
                return ((s * s) + 1) / ((s * s) + (s / q) + 1);
        }
    }

    private static Complex Transform(float[] impulseResponse, double frequency)
    {
        var sum = Complex.Zero;
        var step = Complex.FromPolarCoordinates(1, -2 * Math.PI * frequency / SampleRate);
        var phase = Complex.One;
        foreach (var sample in impulseResponse)
        {
            sum += sample * phase;
            phase *= step;
        }

        return sum;
    }
}
