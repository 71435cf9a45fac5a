using Loophole.Cluster.Numerics;

namespace Loophole.Engine.Processors.Filters;

/// <summary>The filters of R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients" (W3C Note "Audio EQ Cookbook"), with Q
/// throughout; the band-pass is the one with 0 dB at its centre.</summary>
internal static class CookbookFilter
{
    private const double TwoPi = 6.283185307179586;

    /// <param name="type">The shape.</param>
    /// <param name="turn">Frequency divided by the sample rate, above 0 and below 1/2.</param>
    /// <param name="gain">dB, for shelves and bell.</param>
    /// <param name="q">Above 0.</param>
    public static BiquadCoefficients Design(FilterType type, double turn, double gain, double q)
    {
        var angle = TwoPi * turn;
        var (sine, cosine) = (ExactMath.Sin(angle), ExactMath.Cos(angle));
        var alpha = sine / (2 * q);
        switch (type)
        {
            case FilterType.HighPass:
                var high = (1 + cosine) / 2;
                return Normalize(high, -(1 + cosine), high, 1 + alpha, -2 * cosine, 1 - alpha);
            case FilterType.LowPass:
                var low = (1 - cosine) / 2;
                return Normalize(low, 1 - cosine, low, 1 + alpha, -2 * cosine, 1 - alpha);
            case FilterType.BandPass:
                return Normalize(alpha, 0, -alpha, 1 + alpha, -2 * cosine, 1 - alpha);
            case FilterType.Notch:
                return Normalize(1, -2 * cosine, 1, 1 + alpha, -2 * cosine, 1 - alpha);
            case FilterType.Bell:
                var peak = ExactMath.DecibelsToGain(gain / 2);
                return Normalize(1 + (alpha * peak), -2 * cosine, 1 - (alpha * peak), 1 + (alpha / peak), -2 * cosine, 1 - (alpha / peak));
            case FilterType.LowShelf:
                return Shelf(ExactMath.DecibelsToGain(gain / 2), cosine, alpha);
            default:
                // The high shelf is the low one with the spectrum mirrored: z becomes −z and with it cos becomes −cos.
                var mirrored = Shelf(ExactMath.DecibelsToGain(gain / 2), -cosine, alpha);
                return mirrored with { B1 = -mirrored.B1, A1 = -mirrored.A1 };
        }
    }

    private static BiquadCoefficients Shelf(double root, double cosine, double alpha)
    {
        var slope = 2 * Math.Sqrt(root) * alpha;
        var (more, less) = (root + 1, root - 1);
        return Normalize(
            root * (more - (less * cosine) + slope),
            2 * root * (less - (more * cosine)),
            root * (more - (less * cosine) - slope),
            more + (less * cosine) + slope,
            -2 * (less + (more * cosine)),
            more + (less * cosine) - slope);
    }

    private static BiquadCoefficients Normalize(double b0, double b1, double b2, double a0, double a1, double a2) => new(b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0);
}
