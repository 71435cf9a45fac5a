namespace Loophole.Devices;

/// <summary>What became of a recording.</summary>
/// <param name="Sha256">Of the sample data as stored, 64 lower-case hexadecimal digits.</param>
/// <param name="FrameCount">Frames in the recording, 0 or more.</param>
/// <param name="LostFrames">Frames that were played and are missing in the recording, as the disk was too slow; 0 or more.</param>
public sealed record Recorded(string Sha256, long FrameCount, long LostFrames)
{
    /// <summary>Whether everything that was played is in it. [any]</summary>
    public bool IsComplete => LostFrames == 0;
}
