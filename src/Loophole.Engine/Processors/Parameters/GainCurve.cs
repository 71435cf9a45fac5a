using Loophole.Cluster.Numerics;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Processors.Parameters;

/// <summary>A parameter in dB as linear gain, followed at every frame: computed once while it stands, for every frame while it moves.</summary>
internal sealed class GainCurve(ParameterDescriptor parameter)
{
    private double _decibels;
    private double _gain = 1;

    /// <summary>The linear gains of a stretch of frames.</summary>
    public void Fill(in ParameterRamp ramp, long frame, Span<double> gains)
    {
        if (ramp.IsConstant)
        {
            gains.Fill(ToGain(parameter.Clamp(ramp.OriginValue)));
            return;
        }

        for (var i = 0; i < gains.Length; i++)
        {
            gains[i] = ToGain(parameter.At(ramp, frame + i));
        }
    }

    private double ToGain(double decibels)
    {
        if (decibels != _decibels)
        {
            (_decibels, _gain) = (decibels, ExactMath.DecibelsToGain(decibels));
        }

        return _gain;
    }
}
