namespace Loophole.Cluster.Rendering;

/// <summary>The value of a parameter over a stretch of frames: a straight line, given by its origin so that no value depends on where a block starts.</summary>
/// <param name="OriginFrame">Frame (node-local) at which the value is <paramref name="OriginValue"/>; may lie before the block.</param>
/// <param name="OriginValue">Finite.</param>
/// <param name="SlopePerFrame">Change per frame; 0 for a constant.</param>
public readonly record struct ParameterRamp(long OriginFrame, double OriginValue, double SlopePerFrame)
{
    /// <summary>Whether the value stays the same. [any]</summary>
    public bool IsConstant => SlopePerFrame == 0;

    /// <summary>The value at a frame. [any]</summary>
    /// <param name="frame">Node-local frame.</param>
    /// <returns><c>OriginValue + (frame − OriginFrame) × SlopePerFrame</c>, rounded twice, never fused.</returns>
    public double At(long frame) => OriginValue + ((frame - OriginFrame) * SlopePerFrame);
}
