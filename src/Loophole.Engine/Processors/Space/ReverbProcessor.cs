using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.Parameters;
using Loophole.Engine.Processors.Samples;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Space;

/// <summary>Algorithmic reverb: pre-delay and two diffusers per audio channel, then a <see cref="FeedbackNetwork"/> shared by all.</summary>
/// <remarks>Audio channel c feeds the lines i with i mod w = c mod w, w being the width up to 8, and hears all lines with the signs of row c mod 8 of the Hadamard
/// matrix. <c>roomSize</c> and <c>damping</c> are followed on the <see cref="ControlGrid"/>, <c>mix</c> at every frame. While disabled the
/// audio passes untouched and what is in the room decays with no new sound.</remarks>
internal sealed class ReverbProcessor : SteppedProcessor
{
    public const string Kind = "reverb";

    private const int Lines = FeedbackNetwork.LineCount;
    private const double WetScale = 0.5;
    private const double FirstDiffuserSeconds = 0.0047;
    private const double SecondDiffuserSeconds = 0.0113;
    private const double SecondsPerInput = 0.00031;

    private static readonly ParameterDescriptor RoomSize = new("roomSize", 0, 1, 0.5, "lin");
    private static readonly ParameterDescriptor Damping = new("damping", 0, 1, 0.5, "lin");
    private static readonly ParameterDescriptor Mix = new("mix", 0, 1, 0.3, "lin");
    private static readonly ParameterDescriptor PreDelay = new("preDelay", 0, 1, 0.01, "s", IsFixed: true);

    // Balanced signs that are no row of the Hadamard matrix, so that equal inputs spread over all lines.
    private static readonly double[] InputSigns = [1, 1, 1, -1, 1, -1, -1, -1];

    private readonly FeedbackNetwork _network;
    private readonly DelayLine[] _preDelays;
    private readonly Diffuser[] _diffusers;
    private readonly double[] _mix = new double[ControlGrid.StepFrames];
    private readonly double[] _inputs = new double[Lines];
    private readonly double[] _outputs = new double[Lines];
    private readonly double[] _entering;

    public ReverbProcessor(GraphNode node, ProcessorContext context)
        : base(Kind)
    {
        var inputCount = Math.Min(context.AudioChannels, Lines);
        _network = new FeedbackNetwork(context.SampleRate);
        _preDelays = DelayLine.Array(inputCount, NodeSettings.FixedFrames(node, PreDelay, context.SampleRate));
        _diffusers = new Diffuser[inputCount * 2];
        _entering = new double[inputCount];
        for (var input = 0; input < inputCount; input++)
        {
            _diffusers[input * 2] = new Diffuser(LengthOf(FirstDiffuserSeconds, input, context.SampleRate));
            _diffusers[(input * 2) + 1] = new Diffuser(LengthOf(SecondDiffuserSeconds, input, context.SampleRate));
        }
    }

    public static ProcessorDescriptor Descriptor { get; } = new(Kind, [RoomSize, Damping, Mix, PreDelay, CommonParameters.Enabled], ProcessorTraits.Distributable);

    public static long StateBytes(GraphNode node, int audioChannels, int sampleRate) => FeedbackNetwork.StateBytes(sampleRate) + Enumerable.Range(0, Math.Min(audioChannels, Lines)).Sum(input =>
        DelayLine.StateBytes(NodeSettings.FixedFrames(node, PreDelay, sampleRate) + LengthOf(FirstDiffuserSeconds, input, sampleRate) + LengthOf(SecondDiffuserSeconds, input, sampleRate)));

    public override void Reset()
    {
        _network.Clear();
        foreach (var line in _preDelays)
        {
            line.Clear();
        }

        foreach (var diffuser in _diffusers)
        {
            diffuser.Clear();
        }
    }

    protected override void WriteState(ref StateWriter writer)
    {
        _network.Save(ref writer);
        foreach (var line in _preDelays)
        {
            line.Save(ref writer);
        }

        foreach (var diffuser in _diffusers)
        {
            diffuser.Save(ref writer);
        }
    }

    protected override void ReadState(ref StateReader reader)
    {
        _network.Restore(ref reader);
        foreach (var line in _preDelays)
        {
            line.Restore(ref reader);
        }

        foreach (var diffuser in _diffusers)
        {
            diffuser.Restore(ref reader);
        }
    }

    protected override void ProcessStep(in ProcessorBlock block, int start, int frameCount)
    {
        var frame = block.Frame + start;
        var parameters = block.Parameters;
        var audio = block.Audio.Slice(start, frameCount);
        var isEnabled = CommonParameters.Enabled.IsOnAtStep(parameters[4], frame);
        var mix = _mix.AsSpan(0, frameCount);
        Mix.Fill(parameters[2], frame, mix);
        _network.Follow(RoomSize.AtStep(parameters[0], frame), Damping.AtStep(parameters[1], frame));
        for (var i = 0; i < mix.Length; i++)
        {
            Array.Clear(_entering);
            for (var channel = 0; isEnabled && channel < audio.ChannelCount; channel++)
            {
                _entering[channel % _entering.Length] += Sanitize.Input(audio.Channel(channel)[i]);
            }

            Advance();
            for (var channel = 0; isEnabled && channel < audio.ChannelCount; channel++)
            {
                ref var sample = ref audio.Channel(channel)[i];
                sample = (float)((Sanitize.Input(sample) * (1 - mix[i])) + (_outputs[channel % Lines] * WetScale * mix[i]));
            }
        }
    }

    private void Advance()
    {
        for (var input = 0; input < _entering.Length; input++)
        {
            var sample = _preDelays[input].Exchange(_entering[input]);
            _entering[input] = _diffusers[(input * 2) + 1].Next(_diffusers[input * 2].Next(sample));
        }

        for (var line = 0; line < Lines; line++)
        {
            _inputs[line] = _entering[line % _entering.Length] * InputSigns[line];
        }

        _network.Next(_inputs, _outputs);
    }

    private static int LengthOf(double seconds, int input, int sampleRate) => (int)((seconds + (input * SecondsPerInput)) * sampleRate) | 1;
}
