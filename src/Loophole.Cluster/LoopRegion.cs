namespace Loophole.Cluster;

/// <summary>A stretch of project time that is played again and again: on reaching its end, playing goes on at its start, and all DSP state goes on with it.</summary>
/// <param name="StartFrame">Project frame of its beginning, 0 or more.</param>
/// <param name="EndFrame">Project frame after its end; at least <see cref="MinFrames"/> after the start.</param>
public sealed record LoopRegion(long StartFrame, long EndFrame)
{
    /// <summary>The shortest loop, in frames. Every pass is an event, and shorter ones would be a tone and not a loop.</summary>
    public const int MinFrames = 256;

    /// <summary>What is wrong with it, or <see langword="null"/>. [any]</summary>
    public string? FindFault() =>
        StartFrame < 0 ? $"A loop starts at project frame 0 or later, not at {StartFrame}." :
        EndFrame - StartFrame < MinFrames ? $"A loop is at least {MinFrames} frames long; from {StartFrame} to {EndFrame} is {EndFrame - StartFrame}." :
        null;
}
