namespace Loophole.Engine.Processors.Samples;

/// <summary>Keeps NaN, infinities and denormals out of state. Denormals are slow on some processors and flushed on others, so they are never let arise.</summary>
internal static class Sanitize
{
    /// <summary>−600 dB: recirculating values below it become 0.</summary>
    public const double Tiny = 1e-30;

    /// <summary>The sample, or 0 when it is not finite.</summary>
    public static float Input(float sample) => float.IsFinite(sample) ? sample : 0;

    /// <summary>A recirculating value as a sample: 0 when too small or beyond the range of a float.</summary>
    public static float Feedback(double value)
    {
        var size = Math.Abs(value);
        return size is >= Tiny and <= float.MaxValue ? (float)value : 0;
    }

    /// <summary>A state variable: 0 when too small or not finite.</summary>
    public static double State(double value)
    {
        var size = Math.Abs(value);
        return size is >= Tiny and <= double.MaxValue ? value : 0;
    }
}
