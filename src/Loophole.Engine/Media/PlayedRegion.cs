using Loophole.Cluster.Graph;
using Loophole.Cluster.Rendering;

namespace Loophole.Engine.Media;

/// <summary>A checked <see cref="ClipRegion"/> with what playing it needs, cut to the frames at which its asset can be heard.</summary>
internal sealed class PlayedRegion
{
    /// <summary>Frames up to which a double counts exactly; nothing lies beyond.</summary>
    private const long Farthest = 1L << 53;

    private readonly ClipRegion _region;
    private readonly bool _hasFades;

    private PlayedRegion(ClipRegion region, int source, long sourceFrames)
    {
        _region = region;
        Source = source;
        IsCopy = region.SourceStep == 1 && Math.Floor(region.SourceStartFrame) == region.SourceStartFrame;
        Table = IsCopy ? null : SincTable.For(region.SourceStep);
        _hasFades = region.FadeInFrames > 0 || region.FadeOutFrames > 0;

        // Two frames of margin, as the division rounds; they meet silence around the asset.
        double reach = Table?.TapCount / 2 ?? 0;
        var first = Math.Floor((-reach - region.SourceStartFrame) / region.SourceStep) - 2;
        var last = Math.Ceiling((sourceFrames + reach - region.SourceStartFrame) / region.SourceStep) + 2;
        StartFrame = (long)Math.Clamp(region.StartFrame + first, region.StartFrame, region.EndFrame);
        EndFrame = (long)Math.Clamp(region.StartFrame + last, region.StartFrame, region.EndFrame);
    }

    /// <summary>Index of the asset.</summary>
    public int Source { get; }

    /// <summary>First project frame that can sound.</summary>
    public long StartFrame { get; }

    /// <summary>Project frame after the last one that can sound.</summary>
    public long EndFrame { get; }

    /// <summary>Whether source samples pass unchanged.</summary>
    public bool IsCopy { get; }

    /// <summary>The kernel, or <see langword="null"/> for a copy.</summary>
    public SincTable? Table { get; }

    /// <summary>Project frames that can be played from so many source frames, wherever they start.</summary>
    public int FramesWithin(int sourceFrames) => IsCopy
        ? sourceFrames
        : (int)Math.Min((sourceFrames - Table!.TapCount - 2) / _region.SourceStep, sourceFrames);

    /// <summary>Position in the asset at a project frame, in source frames: computed afresh for each frame, so that nothing adds up.</summary>
    public double PositionAt(long frame) => _region.SourceStartFrame + ((frame - _region.StartFrame) * _region.SourceStep);

    /// <summary>Whether the gain is the same from one project frame up to another.</summary>
    public bool HasConstantGain(long start, long end) => !_hasFades
        || ((_region.FadeInFrames == 0 || start - _region.FadeInStartFrame >= _region.FadeInFrames)
            && (_region.FadeOutFrames == 0 || _region.FadeOutEndFrame - (end - 1) >= _region.FadeOutFrames));

    /// <summary>Gain at a project frame, fades included.</summary>
    public float GainAt(long frame)
    {
        var fadeIn = _region.FadeInFrames == 0 ? 1 : (double)(frame - _region.FadeInStartFrame) / _region.FadeInFrames;
        var fadeOut = _region.FadeOutFrames == 0 ? 1 : (double)(_region.FadeOutEndFrame - frame) / _region.FadeOutFrames;
        return (float)(_region.Gain * Math.Clamp(fadeIn, 0, 1) * Math.Clamp(fadeOut, 0, 1));
    }

    /// <summary>Prepares a region.</summary>
    /// <param name="region">One that <see cref="Check"/> let pass.</param>
    /// <param name="source">Index of its asset.</param>
    /// <param name="sourceFrames">Frames of its asset.</param>
    public static PlayedRegion From(ClipRegion region, int source, long sourceFrames) => new(region, source, sourceFrames);

    /// <summary>Checks the numbers of a region.</summary>
    /// <param name="region">As it came.</param>
    /// <param name="nodeId">For messages.</param>
    /// <exception cref="RenderException"><see cref="RenderError.BadParameter"/>, naming node and clip.</exception>
    public static void Check(ClipRegion region, string nodeId)
    {
        Require(InReach(region.StartFrame) && InReach(region.EndFrame), "starts or ends beyond 2^53 frames");
        Require(region.EndFrame > region.StartFrame, "ends before it starts");
        Require(double.IsFinite(region.SourceStartFrame) && Math.Abs(region.SourceStartFrame) <= Farthest, "starts at no usable position of its asset");
        Require(region.SourceStep is > 0 and <= 64, $"has a source step of {region.SourceStep}, not above 0 and at most 64");
        Require(float.IsFinite((float)region.Gain), $"has a gain of {region.Gain}");
        Require(InReach(region.FadeInStartFrame) && InReach(region.FadeOutEndFrame), "fades beyond 2^53 frames");
        Require(region.FadeInFrames is >= 0 and <= Farthest && region.FadeOutFrames is >= 0 and <= Farthest, "has a fade of negative or endless length");

        void Require(bool condition, string complaint)
        {
            if (!condition)
            {
                throw new RenderException(RenderError.BadParameter, $"Node {nodeId}: a region of clip \"{region.ClipName}\" {complaint}.");
            }
        }
    }

    private static bool InReach(long frame) => frame is >= -Farthest and <= Farthest;
}
