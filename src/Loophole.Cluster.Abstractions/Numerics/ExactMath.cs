namespace Loophole.Cluster.Numerics;

/// <summary>Elementary functions that give the same bits on every machine. Allocation-free and safe for concurrent use. [any]</summary>
/// <remarks>
/// <para><b>Exactness.</b> Built on IEEE 754 double + − × ÷ and bit manipulation only, in a fixed order; the platform's <c>libm</c> and fused
/// multiply-add are never used. Not a number is always returned as the bits of <see cref="double.NaN"/>, whatever the NaN that came in.</para>
/// <para><b>Error.</b> Stated per function in units in the last place of the result, over all finite arguments with a normal result; subnormal
/// results are rounded once more, by at most half their last place. The bounds are checked by test against 320-bit arithmetic.</para>
/// <para><b>Method.</b> Argument reduction after W. J. Cody and W. Waite, "Software Manual for the Elementary Functions" (1980), and for large angles after
/// M. Payne and R. Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18 (1983); Taylor series on the
/// reduced argument, long enough that the first omitted term is below 2^-57 of the result; compensated arithmetic where stated (<see cref="DoubleDouble"/>).</para>
/// </remarks>
public static partial class ExactMath
{
    private const int ExponentBias = 1023;
    private const int SignificandBits = 52;
    private const long SignificandMask = (1L << SignificandBits) - 1;

    private static readonly DoubleDouble Ln2 = new(0.6931471805599453, 2.3190468138462996e-17);

    /// <summary>The linear gain of a level: 10^(<paramref name="decibels"/> / 20). Error below 0.7 ulp; 0 dB gives exactly 1.</summary>
    /// <param name="decibels">dB; −∞ gives 0.</param>
    /// <returns>Linear gain, 0 or more.</returns>
    public static double DecibelsToGain(double decibels)
    {
        if (double.IsNaN(decibels))
        {
            return double.NaN;
        }

        return Math.Abs(decibels) > MaximumDecibels
            ? (decibels > 0 ? double.PositiveInfinity : 0)
            : Exp2(Log2Of10Over20.Times(decibels));
    }

    /// <summary>The level of a linear gain: 20 × log10(<paramref name="gain"/>). Error below 1.6 ulp; gain 1 gives exactly 0 dB.</summary>
    /// <param name="gain">Linear gain; 0 gives −∞, a negative one NaN.</param>
    /// <returns>dB.</returns>
    public static double GainToDecibels(double gain) => 20 * Log10(gain);

    /// <summary>2^<paramref name="exponent"/> for exponents of normal numbers, −1022 to 1023.</summary>
    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + ExponentBias) << SignificandBits);
}
