using Loophole.Cluster.Rendering;
using Loophole.Engine.Timeline;

namespace Loophole.Engine.Rendering;

/// <summary>A send at work: writes the audio times its level to its tap and leaves the audio alone. Remembers nothing.</summary>
internal sealed class SendRunner(RenderNode node, SignalSlot tap, SignalMemory memory, TransportTimeline timeline) : NodeRunner(node, timeline)
{
    private readonly ParameterDescriptor _range = node.Parameters[0].Descriptor;

    /// <inheritdoc/>
    protected override void Process(in ProcessorBlock block, int offset)
    {
        var level = block.Parameters[0];
        var frameCount = block.Audio.FrameCount;
        var target = memory.View(tap, offset + frameCount).Slice(offset, frameCount);
        if (level.IsConstant)
        {
            for (var channel = 0; channel < target.ChannelCount; channel++)
            {
                PlanarArithmetic.Scale(block.Audio.Channel(channel), Clamped(level.OriginValue), target.Channel(channel));
            }

            return;
        }

        var levels = memory.Spare(frameCount);
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = Clamped(level.At(block.Frame + i));
        }

        for (var channel = 0; channel < target.ChannelCount; channel++)
        {
            PlanarArithmetic.Multiply(block.Audio.Channel(channel), levels, target.Channel(channel));
        }
    }

    private float Clamped(double value) => (float)Math.Clamp(value, _range.Minimum, _range.Maximum);

    /// <inheritdoc/>
    protected override void ResetState()
    {
    }
}
