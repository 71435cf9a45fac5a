using Loophole.Cluster.Graph;
using Loophole.Cluster.Numerics;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.Samples;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Dynamics;

/// <summary>Brick-wall limiter with look-ahead, which is its latency. Before the output gain no sample is above the threshold.</summary>
/// <remarks>Gains are followed at every frame, everything else on the <see cref="ControlGrid"/>. Where the threshold falls faster than the look-ahead, and for the
/// look-ahead after enabling, samples are clipped to it. While disabled audio is only delayed.</remarks>
internal sealed class LimiterProcessor(GraphNode node, ProcessorContext context) : SteppedProcessor(Kind)
{
    public const string Kind = "limiter";

    private static readonly ParameterDescriptor Threshold = new("threshold", -60, 20, -1, "dB");
    private static readonly ParameterDescriptor Release = new("release", 0, 10, 0.1, "s");
    private static readonly ParameterDescriptor LookAhead = new("lookAhead", 0, 0.05, 0.005, "s", IsFixed: true);

    private readonly DelayLine[] _lines = DelayLine.Array(context.AudioChannels, LatencyFrames(node, context.SampleRate));
    private readonly LimiterEnvelope _envelope = new(LatencyFrames(node, context.SampleRate), context.SampleRate);
    private readonly GainCurve _inputGain = new(CommonParameters.InputGain);
    private readonly GainCurve _outputGain = new(CommonParameters.OutputGain);
    private readonly double[] _inputGains = new double[ControlGrid.StepFrames];
    private readonly double[] _outputGains = new double[ControlGrid.StepFrames];
    private readonly double[] _gains = new double[ControlGrid.StepFrames];
    private readonly float[] _peaks = new float[ControlGrid.StepFrames];
    private double _threshold = double.NaN;
    private float _ceiling;

    public static ProcessorDescriptor Descriptor { get; } = new(
        Kind,
        [Threshold, Release, CommonParameters.InputGain, CommonParameters.OutputGain, LookAhead, CommonParameters.Enabled],
        ProcessorTraits.Distributable);

    public static int LatencyFrames(GraphNode node, int sampleRate) => NodeSettings.FixedFrames(node, LookAhead, sampleRate);

    public static long StateBytes(GraphNode node, int audioChannels, int sampleRate) =>
        LatencyFrames(node, sampleRate) is var frames ? (DelayLine.StateBytes(frames) * audioChannels) + LimiterEnvelope.StateBytes(frames) : 0;

    public override void Reset()
    {
        _envelope.Clear();
        foreach (var line in _lines)
        {
            line.Clear();
        }
    }

    protected override void WriteState(ref StateWriter writer)
    {
        _envelope.Save(ref writer);
        foreach (var line in _lines)
        {
            line.Save(ref writer);
        }
    }

    protected override void ReadState(ref StateReader reader)
    {
        _envelope.Restore(ref reader);
        foreach (var line in _lines)
        {
            line.Restore(ref reader);
        }
    }

    protected override void ProcessStep(in ProcessorBlock block, int start, int frameCount)
    {
        var frame = block.Frame + start;
        var parameters = block.Parameters;
        var audio = block.Audio.Slice(start, frameCount);
        var isEnabled = CommonParameters.Enabled.IsOnAtStep(parameters[5], frame);
        FollowThreshold(Threshold.AtStep(parameters[0], frame));
        _envelope.Follow(Release.AtStep(parameters[1], frame));
        var inputGains = _inputGains.AsSpan(0, frameCount);
        var outputGains = _outputGains.AsSpan(0, frameCount);
        _inputGain.Fill(parameters[2], frame, inputGains);
        _outputGain.Fill(parameters[3], frame, outputGains);
        for (var channel = 0; isEnabled && channel < audio.ChannelCount; channel++)
        {
            var samples = audio.Channel(channel);
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = (float)(Sanitize.Input(samples[i]) * inputGains[i]);
            }
        }

        var peaks = _peaks.AsSpan(0, frameCount);
        var gains = _gains.AsSpan(0, frameCount);
        LinkedPeak.Measure(audio, peaks);
        for (var i = 0; i < gains.Length; i++)
        {
            var isOver = isEnabled && peaks[i] > _ceiling;
            gains[i] = _envelope.Next(isOver ? (long)((double)_ceiling / peaks[i] * LimiterEnvelope.One) : LimiterEnvelope.One);
        }

        for (var channel = 0; channel < audio.ChannelCount; channel++)
        {
            var samples = audio.Channel(channel);
            _lines[channel].Exchange(samples);
            for (var i = 0; isEnabled && i < samples.Length; i++)
            {
                samples[i] = (float)(Math.Clamp(samples[i] * gains[i], -_ceiling, _ceiling) * outputGains[i]);
            }
        }
    }

    private void FollowThreshold(double threshold)
    {
        if (threshold != _threshold)
        {
            // The largest float that is not above the threshold.
            var gain = ExactMath.DecibelsToGain(threshold);
            var nearest = (float)gain;
            (_threshold, _ceiling) = (threshold, nearest > gain ? MathF.BitDecrement(nearest) : nearest);
        }
    }
}
