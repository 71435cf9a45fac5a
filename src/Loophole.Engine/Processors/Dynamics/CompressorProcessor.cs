using Loophole.Cluster.Numerics;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Dynamics;

/// <summary>Feed-forward compressor with a gain computer in the logarithmic domain. All audio channels get the gain of the loudest.</summary>
/// <remarks>Gains are followed at every frame, everything else on the <see cref="ControlGrid"/>. Automatic make-up gives back half of what the curve
/// takes from a level of 0 dB. While disabled the audio passes untouched and the detector is at rest.</remarks>
internal sealed class CompressorProcessor(ProcessorContext context) : SteppedProcessor(Kind)
{
    public const string Kind = "compressor";

    private const double DecibelsPerNeper = 8.685889638065037; // 20 / ln 10

    private static readonly ParameterDescriptor Threshold = new("threshold", -100, 20, -20, "dB");
    private static readonly ParameterDescriptor Ratio = new("ratio", 1, 100, 4, "ratio");
    private static readonly ParameterDescriptor Attack = new("attack", 0, 1, 0.01, "s");
    private static readonly ParameterDescriptor Release = new("release", 0, 10, 0.1, "s");
    private static readonly ParameterDescriptor AutoMakeup = new("autoMakeup", 0, 1, 0, "bool");
    private static readonly ParameterDescriptor Knee = new("knee", 0, 48, 6, "dB");

    private readonly GainCurve _inputGain = new(CommonParameters.InputGain);
    private readonly GainCurve _outputGain = new(CommonParameters.OutputGain);
    private readonly PeakSmoother _smoother = new(context.SampleRate);
    private readonly double[] _inputGains = new double[ControlGrid.StepFrames];
    private readonly double[] _gains = new double[ControlGrid.StepFrames];
    private readonly float[] _peaks = new float[ControlGrid.StepFrames];
    private CompressionCurve _curve = new(0, 1, 0);
    private double _kneeStart = double.PositiveInfinity;

    public static ProcessorDescriptor Descriptor { get; } = new(
        Kind,
        [Threshold, Ratio, Attack, Release, CommonParameters.InputGain, CommonParameters.OutputGain, AutoMakeup, Knee, CommonParameters.Enabled],
        ProcessorTraits.Distributable);

    public override void Reset() => _smoother.Clear();

    protected override void WriteState(ref StateWriter writer) => _smoother.Save(ref writer);

    protected override void ReadState(ref StateReader reader) => _smoother.Restore(ref reader);

    protected override void ProcessStep(in ProcessorBlock block, int start, int frameCount)
    {
        var frame = block.Frame + start;
        var parameters = block.Parameters;
        if (!CommonParameters.Enabled.IsOnAtStep(parameters[8], frame))
        {
            Reset();
            return;
        }

        _smoother.Follow(Attack.AtStep(parameters[2], frame), Release.AtStep(parameters[3], frame));
        Follow(new CompressionCurve(Threshold.AtStep(parameters[0], frame), Ratio.AtStep(parameters[1], frame), Knee.AtStep(parameters[7], frame)));
        var makeup = AutoMakeup.IsOnAtStep(parameters[6], frame) ? _curve.Reduction(0) / 2 : 0;
        var inputGains = _inputGains.AsSpan(0, frameCount);
        var gains = _gains.AsSpan(0, frameCount);
        _inputGain.Fill(parameters[4], frame, inputGains);
        _outputGain.Fill(parameters[5], frame, gains);
        var audio = block.Audio.Slice(start, frameCount);
        var peaks = _peaks.AsSpan(0, frameCount);
        LinkedPeak.Measure(audio, peaks);
        for (var i = 0; i < gains.Length; i++)
        {
            var peak = peaks[i] * inputGains[i];
            var reduction = _smoother.Next(peak > _kneeStart ? _curve.Reduction(DecibelsPerNeper * ExactMath.Log(peak)) : 0);
            gains[i] *= inputGains[i] * ExactMath.DecibelsToGain(makeup - reduction);
        }

        for (var channel = 0; channel < audio.ChannelCount; channel++)
        {
            var samples = audio.Channel(channel);
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = (float)(samples[i] * gains[i]);
            }
        }

        if (ControlGrid.IsStep(frame + frameCount))
        {
            _smoother.Flush();
        }
    }

    private void Follow(CompressionCurve curve)
    {
        if (curve != _curve)
        {
            // Below the knee the logarithm need not be taken. The hair's breadth covers the rounding of the conversion.
            _curve = curve;
            _kneeStart = ExactMath.DecibelsToGain(curve.Threshold - (curve.Knee / 2) - 1e-9);
        }
    }
}
