namespace Loophole.Engine.Rendering;

/// <summary>A step at work.</summary>
internal abstract class StepRunner
{
    /// <summary>Makes the next frames of the step's signals.</summary>
    /// <param name="position">Render frame of the first.</param>
    /// <param name="frameCount">1 to the plan's block size.</param>
    public abstract void Run(long position, int frameCount);
}
