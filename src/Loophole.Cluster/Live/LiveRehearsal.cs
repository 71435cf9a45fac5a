using System.Buffers;
using Loophole.Cluster.Meters;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Live;

/// <summary>Renders some blocks that nobody hears, with everything that can happen in them, so that what the audio callback runs is compiled before it is called.</summary>
internal static class LiveRehearsal
{
    private const int Blocks = 8;
    private const byte RehearsedKey = 60;
    private const byte RehearsedVelocity = 100;

    /// <summary>Plays on silence, stops, goes elsewhere, hears notes, and moves what has parameters. [control]</summary>
    /// <param name="renderer">As new.</param>
    /// <param name="meters">Takes what its meters have measured, or <see langword="null"/>: then it is rendered until they have measured something.</param>
    public static void Run(ILiveRenderer renderer, MeterTap? meters)
    {
        var plan = renderer.Plan;
        ReadOnlyMemory<float>[] inputs = [.. plan.Inputs.Select(signal => new float[plan.BlockFrames * signal.AudioChannels])];
        Memory<float>[] outputs = [.. plan.Outputs.Select(signal => new float[plan.BlockFrames * signal.AudioChannels])];
        renderer.Apply(Transport(0, sequence: -1, isPlaying: true));
        var measured = meters is null ? 0 : 2 * MeterWindows.FramesAt(plan.SampleRate);
        for (var block = 0; block < Blocks || renderer.Position < measured; block++)
        {
            Happen(renderer, renderer.Position + (plan.BlockFrames / 2));
            renderer.Hear([new MidiMessage(renderer.Position, block % 2 == 0 ? MidiMessage.NoteOn : MidiMessage.NoteOff, RehearsedKey, RehearsedVelocity)]);
            renderer.Render(plan.BlockFrames, inputs, outputs);
            meters?.Drain();
        }
    }

    private static void Happen(ILiveRenderer renderer, long frame)
    {
        renderer.Apply(Transport(frame, sequence: 0, isPlaying: frame / renderer.Plan.BlockFrames % 2 == 0));
        var sequence = 1;
        foreach (var node in renderer.Plan.Steps.OfType<ChannelStep>().SelectMany(step => step.Nodes).Select(planned => planned.Node))
        {
            foreach (var setting in node.Parameters)
            {
                Move(renderer, new ParameterEvent { Frame = frame, Sequence = sequence++, NodeId = node.Id, Parameter = setting.Name, Value = sequence % 3 == 0 ? null : setting.Value, RampFrames = 8 });
            }
        }
    }

    private static void Move(ILiveRenderer renderer, ParameterEvent change)
    {
        try
        {
            renderer.Apply(change);
        }
        catch (ArgumentException)
        {
            // A parameter that nothing may change; then there is nothing to rehearse.
        }
    }

    /// <summary>Lets one renderer go on where another is: what is live may leave the callback between two of its calls. [control]</summary>
    public static void Move(ILiveRenderer from, ILiveRenderer to)
    {
        var checkpoint = new ArrayBufferWriter<byte>();
        from.Save(checkpoint);
        to.Restore(from.Position, checkpoint.WrittenSpan);
    }

    private static TransportEvent Transport(long frame, long sequence, bool isPlaying) =>
        new() { Frame = frame, Sequence = sequence, ProjectFrame = frame, IsPlaying = isPlaying, ResetsState = true };
}
