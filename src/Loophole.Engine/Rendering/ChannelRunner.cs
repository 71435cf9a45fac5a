namespace Loophole.Engine.Rendering;

/// <summary>A Channel at work: its Nodes process its output's samples in place, one after the other.</summary>
/// <param name="step">What it is.</param>
/// <param name="nodes">Its Nodes, in order.</param>
/// <param name="memory">Where the signals are.</param>
internal sealed class ChannelRunner(ChannelRenderStep step, NodeRunner[] nodes, SignalMemory memory) : StepRunner
{
    /// <inheritdoc/>
    public override void Run(long position, int frameCount)
    {
        var audio = memory.View(step.Output, frameCount);
        if (step.Input is not { } input)
        {
            audio.Clear();
        }
        else if (input != step.Output)
        {
            WidthConversion.Copy(memory.View(input, frameCount), audio);
        }

        foreach (var node in nodes)
        {
            node.Run(audio, position);
        }
    }
}
