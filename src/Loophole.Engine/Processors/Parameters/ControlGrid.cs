using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Processors.Parameters;

/// <summary>The frames at which costly coefficients follow moving parameters: node-local multiples of <see cref="StepFrames"/>, on an absolute grid.</summary>
/// <remarks>The value in force at a frame is a pure function of the frame and the parameter's line: the line's value at the last grid frame, or at the
/// line's origin when that is later. So a jump takes effect at its own frame, and neither the division of a stretch into calls nor a checkpoint
/// can be heard; nothing has to be saved. Coefficients are computed again only when a value differs from the one they were computed from.</remarks>
internal static class ControlGrid
{
    public const int StepFrames = 32;

    /// <summary>Frames from a frame to the next grid frame, 1 to <see cref="StepFrames"/>.</summary>
    public static int FramesLeft(long frame) => StepFrames - (int)(frame & (StepFrames - 1));

    /// <summary>Whether a step starts at this frame.</summary>
    public static bool IsStep(long frame) => (frame & (StepFrames - 1)) == 0;

    /// <summary>The frame whose value is in force at <paramref name="frame"/>.</summary>
    public static long SampledFrame(in ParameterRamp ramp, long frame)
    {
        var step = frame & -StepFrames;
        return ramp.OriginFrame > step && ramp.OriginFrame <= frame ? ramp.OriginFrame : step;
    }
}
