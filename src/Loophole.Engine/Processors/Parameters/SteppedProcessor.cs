using Loophole.Cluster.Rendering;
using Loophole.Engine.Processors.State;

namespace Loophole.Engine.Processors.Parameters;

/// <summary>A processor whose costly parameters stand still between the frames of the <see cref="ControlGrid"/>.</summary>
internal abstract class SteppedProcessor(string kind) : BuiltInProcessor(kind)
{
    /// <inheritdoc/>
    public sealed override void Process(in ProcessorBlock block)
    {
        for (var done = 0; done < block.Audio.FrameCount;)
        {
            var run = Math.Min(block.Audio.FrameCount - done, ControlGrid.FramesLeft(block.Frame + done));
            ProcessStep(block, done, run);
            done += run;
        }
    }

    /// <summary>Processes frames of which none but the first is on the grid. [render thread]</summary>
    /// <param name="block">The whole block.</param>
    /// <param name="start">First frame, counted in the block.</param>
    /// <param name="frameCount">1 or more.</param>
    protected abstract void ProcessStep(in ProcessorBlock block, int start, int frameCount);
}
