using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.Samples;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Space;

/// <summary>Echo: y = (1 − mix) x + mix d, where the line d holds x + feedback × d of <c>time</c> ago. Each audio channel has its own line.</summary>
/// <remarks>While disabled the audio passes untouched and the line runs on.</remarks>
internal sealed class DelayProcessor(GraphNode node, ProcessorContext context) : BuiltInProcessor(Kind)
{
    public const string Kind = "delay";

    private static readonly ParameterDescriptor Time = new("time", 0, 10, 0.25, "s", IsFixed: true);
    private static readonly ParameterDescriptor Feedback = new("feedback", 0, 0.99, 0.3, "lin");
    private static readonly ParameterDescriptor Mix = new("mix", 0, 1, 0.5, "lin");

    private readonly DelayLine[] _lines = DelayLine.Array(context.AudioChannels, FramesOf(node, context.SampleRate));
    private readonly double[] _feedback = new double[context.MaxBlockFrames];
    private readonly double[] _mix = new double[context.MaxBlockFrames];

    public static ProcessorDescriptor Descriptor { get; } = new(Kind, [Time, Feedback, Mix, CommonParameters.Enabled], ProcessorTraits.Distributable);

    public static long StateBytes(GraphNode node, int audioChannels, int sampleRate) => DelayLine.StateBytes(FramesOf(node, sampleRate)) * audioChannels;

    public override void Reset()
    {
        foreach (var line in _lines)
        {
            line.Clear();
        }
    }

    public override void Process(in ProcessorBlock block)
    {
        var audio = block.Audio;
        var feedback = _feedback.AsSpan(0, audio.FrameCount);
        var mix = _mix.AsSpan(0, audio.FrameCount);
        ref readonly var enabled = ref block.Parameters[3];
        Feedback.Fill(block.Parameters[1], block.Frame, feedback);
        Mix.Fill(block.Parameters[2], block.Frame, mix);
        for (var channel = 0; channel < _lines.Length; channel++)
        {
            var line = _lines[channel];
            var samples = audio.Channel(channel);
            for (var i = 0; i < samples.Length; i++)
            {
                double input = Sanitize.Input(samples[i]);
                double delayed = line.Oldest;
                line.Write(input + (feedback[i] * delayed));
                if (CommonParameters.Enabled.IsOnAt(enabled, block.Frame + i))
                {
                    samples[i] = (float)((input * (1 - mix[i])) + (delayed * mix[i]));
                }
            }
        }
    }

    protected override void WriteState(ref StateWriter writer)
    {
        foreach (var line in _lines)
        {
            line.Save(ref writer);
        }
    }

    protected override void ReadState(ref StateReader reader)
    {
        foreach (var line in _lines)
        {
            line.Restore(ref reader);
        }
    }

    private static int FramesOf(GraphNode node, int sampleRate) => Math.Max(1, NodeSettings.FixedFrames(node, Time, sampleRate));
}
