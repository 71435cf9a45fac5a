using Loophole.Cluster.Media;

namespace Loophole.Cluster.Graph;

/// <summary>A stretch of project time during which one asset plays at one speed. A clip is one region, or several when it loops or is warped.</summary>
/// <remarks>At project frame <c>f</c> of the region the source position is <c>SourceStartFrame + (f − StartFrame) × SourceStep</c>, in source frames.
/// Outside the asset there is silence. With a step of exactly 1 and a whole start, source samples pass unchanged.</remarks>
public sealed record ClipRegion
{
    /// <summary>The clip it came from, for messages.</summary>
    public string ClipName { get; init; } = "";

    /// <summary>First project frame.</summary>
    public required long StartFrame { get; init; }

    /// <summary>Project frame after the last one; greater than <see cref="StartFrame"/>.</summary>
    public required long EndFrame { get; init; }

    /// <summary>The asset.</summary>
    public required MediaId Media { get; init; }

    /// <summary>Source position at <see cref="StartFrame"/>, in frames of the asset; finite, may be fractional or negative.</summary>
    public required double SourceStartFrame { get; init; }

    /// <summary>Source frames per project frame: the ratio of the sample rates times the playing speed; above 0, at most 64.</summary>
    public required double SourceStep { get; init; }

    /// <summary>Linear gain, finite. Default 1.</summary>
    public double Gain { get; init; } = 1;

    /// <summary>Project frame where the clip's linear fade-in starts (gain 0).</summary>
    public long FadeInStartFrame { get; init; }

    /// <summary>Frames of the fade-in; 0 for none.</summary>
    public long FadeInFrames { get; init; }

    /// <summary>Project frame where the clip's linear fade-out ends (gain 0).</summary>
    public long FadeOutEndFrame { get; init; }

    /// <summary>Frames of the fade-out; 0 for none.</summary>
    public long FadeOutFrames { get; init; }
}
