using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.Samples;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Filters;

/// <summary>Equaliser: input gain, the bands that the node sets, in the order of their numbers, output gain.</summary>
/// <remarks>Gains are followed at every frame, everything else on the <see cref="ControlGrid"/>. What is disabled is skipped and forgets its state.</remarks>
internal sealed class EqualizerProcessor : SteppedProcessor
{
    public const string Kind = "equalizer";

    private const int BandsAt = 3;
    private const int ParametersPerBand = 6;

    private readonly EqualizerBand[] _bands;
    private readonly GainCurve _inputGain = new(CommonParameters.InputGain);
    private readonly GainCurve _outputGain = new(CommonParameters.OutputGain);
    private readonly double[] _inputGains = new double[ControlGrid.StepFrames];
    private readonly double[] _outputGains = new double[ControlGrid.StepFrames];
    private readonly double[] _samples = new double[ControlGrid.StepFrames];

    public EqualizerProcessor(GraphNode node, ProcessorContext context)
        : base(Kind) => _bands = [.. EqualizerBandParameters.SetBy(node).Select(band => new EqualizerBand(band, node, context))];

    public static ProcessorDescriptor Describe(GraphNode node) => new(
        Kind,
        [
            CommonParameters.InputGain, CommonParameters.OutputGain, CommonParameters.Enabled,
            .. EqualizerBandParameters.SetBy(node).SelectMany(band => band.All),
        ],
        ProcessorTraits.Distributable);

    /// <summary>Biquad sections in all bands.</summary>
    public static int SectionCount(GraphNode node) => EqualizerBandParameters.SetBy(node).Sum(band => band.SectionCount(node));

    public override void Reset()
    {
        foreach (var band in _bands)
        {
            band.Clear();
        }
    }

    protected override void WriteState(ref StateWriter writer)
    {
        foreach (var band in _bands)
        {
            band.Save(ref writer);
        }
    }

    protected override void ReadState(ref StateReader reader)
    {
        foreach (var band in _bands)
        {
            band.Restore(ref reader);
        }
    }

    protected override void ProcessStep(in ProcessorBlock block, int start, int frameCount)
    {
        var frame = block.Frame + start;
        if (!CommonParameters.Enabled.IsOnAtStep(block.Parameters[2], frame))
        {
            Reset();
            return;
        }

        for (var i = 0; i < _bands.Length; i++)
        {
            _bands[i].Follow(block.Parameters.Slice(BandsAt + (i * ParametersPerBand), ParametersPerBand), frame);
        }

        var inputGains = _inputGains.AsSpan(0, frameCount);
        var outputGains = _outputGains.AsSpan(0, frameCount);
        _inputGain.Fill(block.Parameters[0], frame, inputGains);
        _outputGain.Fill(block.Parameters[1], frame, outputGains);
        var samples = _samples.AsSpan(0, frameCount);
        for (var channel = 0; channel < block.Audio.ChannelCount; channel++)
        {
            var audio = block.Audio.Channel(channel).Slice(start, frameCount);
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = Sanitize.Input(audio[i]) * inputGains[i];
            }

            foreach (var band in _bands)
            {
                if (band.IsEnabled)
                {
                    band.Process(channel, samples);
                }
            }

            for (var i = 0; i < samples.Length; i++)
            {
                audio[i] = (float)(samples[i] * outputGains[i]);
            }
        }

        if (ControlGrid.IsStep(frame + frameCount))
        {
            foreach (var band in _bands)
            {
                band.Flush();
            }
        }
    }
}
