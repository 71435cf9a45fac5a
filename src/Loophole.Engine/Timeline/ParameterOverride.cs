using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Timeline;

/// <summary>A parameter event with everything worked out: a line to a value, or to a distance from automation, that then holds; or the hand-back to automation.</summary>
/// <param name="StartFrame">Where it takes effect, node-local.</param>
/// <param name="ReachedFrame">Where the line has reached <paramref name="Target"/>; not before <paramref name="StartFrame"/>.</param>
/// <param name="StartValue">The value, or the distance, in force at <paramref name="StartFrame"/> before the event.</param>
/// <param name="Target">The value, or the distance, to hold.</param>
/// <param name="IsRelative">Whether these are distances from automation.</param>
/// <param name="IsHandBack">Whether the parameter goes back to its automation; the other members then mean nothing.</param>
internal readonly record struct ParameterOverride(long StartFrame, long ReachedFrame, double StartValue, double Target, bool IsRelative, bool IsHandBack)
{
    /// <summary>The line of the value, or of the distance, that holds at a frame.</summary>
    /// <param name="frame">From <see cref="StartFrame"/> on.</param>
    /// <param name="endFrame">Lowered to where the line ends, when that comes first.</param>
    public ParameterRamp LineAt(long frame, ref long endFrame)
    {
        if (frame >= ReachedFrame)
        {
            return new ParameterRamp(StartFrame, Target, 0);
        }

        endFrame = Math.Min(endFrame, ReachedFrame);
        return new ParameterRamp(StartFrame, StartValue, (Target - StartValue) / (ReachedFrame - StartFrame));
    }
}
