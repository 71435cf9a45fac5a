namespace Loophole.DawProject;

/// <summary>A point with a real value.</summary>
public sealed record DawRealPoint : DawPoint
{
    /// <summary>The value; may be infinite, never NaN.</summary>
    public required double Value { get; init; }

    /// <summary>How the value gets to the next point; it holds by default.</summary>
    public DawInterpolation? Interpolation { get; init; }

    internal override string ElementName => "RealPoint";
}
