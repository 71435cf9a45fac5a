namespace Loophole.Cluster.Rendering;

/// <summary>The windows that meters measure: equally long, one after the other, from node-local frame 0 on in both directions. [any]</summary>
/// <remarks>A window is the same whatever the blocks are. Where a node starts, or starts afresh at a locate, within a window, that window tells of what came since: its earlier part is not
/// told of, and its RMS is that of the frames that are.</remarks>
public static class MeterWindows
{
    /// <summary>Windows in a second; a little more where they do not go into the sample rate.</summary>
    public const int PerSecond = 30;

    /// <summary>The length of a window, in frames.</summary>
    /// <param name="sampleRate">Frames per second, 1 or more.</param>
    /// <returns>1 or more.</returns>
    public static int FramesAt(int sampleRate) => Math.Max(1, sampleRate / PerSecond);

    /// <summary>The first frame of the window that a frame lies in.</summary>
    /// <param name="frame">Node-local; may be negative.</param>
    /// <param name="windowFrames">The length of a window.</param>
    /// <returns>A multiple of <paramref name="windowFrames"/>.</returns>
    public static long StartOf(long frame, int windowFrames)
    {
        var into = frame % windowFrames;
        return frame - (into < 0 ? into + windowFrames : into);
    }
}
