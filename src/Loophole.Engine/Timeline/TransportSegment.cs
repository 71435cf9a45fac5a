namespace Loophole.Engine.Timeline;

/// <summary>A stretch of frames in which project time runs along, or stands.</summary>
/// <param name="StartFrame">First frame, node-local.</param>
/// <param name="ProjectStartFrame">Project frame at <paramref name="StartFrame"/>.</param>
/// <param name="IsPlaying">Whether project time runs.</param>
/// <param name="ResetsState">Whether DSP state starts afresh at <paramref name="StartFrame"/>.</param>
internal readonly record struct TransportSegment(long StartFrame, long ProjectStartFrame, bool IsPlaying, bool ResetsState)
{
    /// <summary>The project frame at a frame of this segment.</summary>
    public long ProjectFrameAt(long frame) => IsPlaying ? ProjectStartFrame + (frame - StartFrame) : ProjectStartFrame;
}
