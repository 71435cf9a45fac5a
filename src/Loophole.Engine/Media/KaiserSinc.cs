using Loophole.Cluster.Numerics;

namespace Loophole.Engine.Media;

/// <summary>The prototype kernel of the resampler: a sinc with its zeros at the whole numbers, under a Kaiser window.</summary>
/// <remarks>J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974. Evaluated with + − × ÷ √ in a fixed
/// order, so that every machine makes the same tables.</remarks>
internal static class KaiserSinc
{
    /// <summary>The kernel is 0 from this distance on, in zero crossings.</summary>
    public const int HalfWidth = 40;

    /// <summary>Kaiser's β for an attenuation of 115 dB: 0.1102 × (115 − 8.7).</summary>
    private const double Beta = 11.714;

    private static readonly double AtCentre = BesselI0(Beta);

    /// <summary>The kernel.</summary>
    /// <param name="x">Distance from the centre, in zero crossings.</param>
    public static double At(double x)
    {
        var relative = x / HalfWidth;
        var inside = 1 - (relative * relative);
        return inside > 0 ? Sinc(x) * (BesselI0(Beta * Math.Sqrt(inside)) / AtCentre) : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : SinPi(x) / (Math.PI * x);

    /// <summary>sin(πx), reduced exactly to half a period around a whole number first.</summary>
    private static double SinPi(double x)
    {
        var whole = Math.Floor(x + 0.5);
        var sine = ExactMath.Sin(Math.PI * (x - whole));
        return whole % 2 == 0 ? sine : -sine;
    }

    /// <summary>The modified Bessel function of order 0, by its power series; all terms are positive, so nothing cancels.</summary>
    private static double BesselI0(double x)
    {
        var quarter = x * x / 4;
        var sum = 1.0;
        var term = 1.0;
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= quarter / ((double)k * k);
            sum += term;
        }

        return sum;
    }
}
