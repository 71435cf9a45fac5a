using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Mixing;

namespace Loophole.Engine.Tests.Processors;

public sealed class MixingTests
{
    [Fact]
    public void A_fader_scales_by_its_volume_exactly()
    {
        var audio = Rig.Noise(new Random(1), 1_003, 1);
        foreach (var volume in new[] { 0.3, 1, 2.5 })
        {
            Assert.Equal(audio.Select(sample => sample * (float)volume), Rig.Run(Rig.Node("fader", ("volume", volume)), [audio.ToArray()])[0]);
        }
    }

    [Fact]
    public void A_moving_fader_follows_its_line_at_every_frame()
    {
        using var fader = Rig.Factory.Create(Rig.Node("fader"), Rig.Context());
        var audio = Rig.Noise(new Random(1), 2_000, 1);
        var ramp = new ParameterRamp(-700, 0.25, 1e-3);
        float[][] result = [audio.ToArray(), audio.ToArray()];
        Rig.Run(fader, result, -600, [ramp, new ParameterRamp(0, 0, 0)]);
        for (var i = 0; i < audio.Length; i++)
        {
            Assert.Equal(audio[i] * (float)Math.Clamp(0.25 + ((i + 100) * 1e-3), 0, 64), result[1][i]);
        }
    }

    [Fact]
    public void Mute_gives_exact_zeros_whatever_comes_in()
    {
        float[] audio = [-1, 1, float.NaN, float.NegativeInfinity, -0f, 1e-40f];
        var muted = Rig.Run(Rig.Node("fader", ("mute", 1)), [audio.ToArray()])[0];
        Assert.All(muted, sample => Assert.Equal(0u, BitConverter.SingleToUInt32Bits(sample)));

        // A moving switch turns at one half: frames 0 to 2 sound, frames 3 to 5 do not.
        using var fader = Rig.Factory.Create(Rig.Node("fader"), Rig.Context(audioChannels: 1));
        float[][] moving = [[-1, -1, -1, -1, -1, -1]];
        Rig.Run(fader, moving, 0, [new ParameterRamp(0, 1, 0), new ParameterRamp(0, 0.125, 0.125)]);
        Assert.Equal([-1, -1, -1, 0, 0, 0], moving[0]);
        Assert.False(float.IsNegative(moving[0][5]));
    }

    [Fact]
    public void Pan_is_equal_power_with_unity_at_the_centre()
    {
        for (var position = -1.0; position <= 1; position += 1 / 64.0)
        {
            var (left, right) = (PanLaw.Left(position), PanLaw.Right(position));
            Assert.Equal(Math.Sqrt(2) * Math.Cos((position + 1) * Math.PI / 4), left, 1e-7);
            Assert.Equal(Math.Sqrt(2) * Math.Sin((position + 1) * Math.PI / 4), right, 1e-7);
            Assert.Equal(2, ((double)left * left) + ((double)right * right), 4e-7);
        }

        Assert.Equal((1f, 1f), (PanLaw.Left(0), PanLaw.Right(0)));
        Assert.Equal((0f, 0f), (PanLaw.Left(1), PanLaw.Right(-1)));
    }

    [Fact]
    public void Pan_balances_stereo_and_leaves_other_widths_alone()
    {
        float[] audio = [1, -0.5f, 0.25f];
        var node = Rig.Node("pan", ("position", 0.5));
        var stereo = Rig.Run(node, [audio.ToArray(), audio.ToArray()]);
        Assert.Equal(PanLaw.Left(0.5), stereo[0][0]);
        Assert.Equal(PanLaw.Right(0.5), stereo[1][0]);
        Assert.Equal(audio, Rig.Run(node, [audio.ToArray()])[0]);
        Assert.Equal(audio, Rig.Run(node, [audio.ToArray(), audio.ToArray(), audio.ToArray()])[1]);
        Assert.Equal(audio, Rig.Run(Rig.Node("pan"), [audio.ToArray(), audio.ToArray()])[1]);
    }
}
