namespace Loophole.Cluster.Numerics;

public static partial class ExactMath
{
    private const double SquareRootOfTwo = 1.4142135623730951;
    private const double SmallestNormal = 2.2250738585072014e-308;

    private static readonly DoubleDouble Log2OfE = new(1.4426950408889634, 2.0355273740931033e-17);
    private static readonly DoubleDouble Log10OfE = new(0.4342944819032518, 1.098319650216765e-17);
    private static readonly DoubleDouble Log10Of2 = new(0.3010299956639812, -2.8037281277851704e-18);
    private static readonly DoubleDouble TwoThirds = new(0.6666666666666666, 3.700743415417188e-17);

    /// <summary>The natural logarithm. Error below 0.9 ulp.</summary>
    /// <param name="x">0 gives −∞, a negative value NaN.</param>
    /// <returns>−∞ to +∞.</returns>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
        {
            return LogOutsideDomain(x);
        }

        // log(1 + f) with s = f / (2 + f) is f − (f²/2 − s (f²/2 + R(s²))), R the tail of the series of 2 artanh(s): f leads exactly.
        var fraction = Decompose(x, out var exponent) - 1;
        var s = fraction / (2 + fraction);
        var square = s * s;
        var halfSquare = 0.5 * fraction * fraction;
        var tail = square * ((2.0 / 3) + (square * ArtanhTail(square)));
        return (exponent * Ln2First) - ((halfSquare - ((s * (halfSquare + tail)) + (exponent * Ln2Second))) - fraction);
    }

    /// <summary>The logarithm to base 2. Error below 0.6 ulp; powers of two are exact.</summary>
    /// <param name="x">0 gives −∞, a negative value NaN.</param>
    /// <returns>−∞ to +∞.</returns>
    public static double Log2(double x) => !(x > 0) || double.IsPositiveInfinity(x) ? LogOutsideDomain(x) : Log2Extended(x).High;

    /// <summary>The logarithm to base 10. Error below 0.6 ulp; powers of ten that are doubles are exact.</summary>
    /// <param name="x">0 gives −∞, a negative value NaN.</param>
    /// <returns>−∞ to +∞.</returns>
    public static double Log10(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
        {
            return LogOutsideDomain(x);
        }

        var significand = LogExtended(Decompose(x, out var exponent)).Times(Log10OfE);
        return Add(Log10Of2.Times(exponent), significand).High;
    }

    private static double LogOutsideDomain(double x) => x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;

    private static DoubleDouble Log2Extended(double x)
    {
        var significand = LogExtended(Decompose(x, out var exponent)).Times(Log2OfE);
        return Add(new DoubleDouble(exponent, 0), significand);
    }

    /// <summary>log(m) for m from √½ to √2, to about 2^-64 of itself.</summary>
    private static DoubleDouble LogExtended(double significand)
    {
        var fraction = significand - 1;
        var divisor = DoubleDouble.OrderedSum(1, significand);
        var quotient = fraction / divisor.High;
        var product = DoubleDouble.Product(quotient, divisor.High);
        var rest = ((fraction - product.High) - product.Low) - (quotient * divisor.Low);
        var s = new DoubleDouble(quotient, rest / divisor.High);

        // 2 artanh(s) = 2s + 2/3 s³ + …: the first two terms extended, the rest is small enough for plain doubles.
        var square = s.Times(s);
        var second = square.Times(s).Times(TwoThirds);
        var tail = square.High * square.High * s.High * ArtanhTail(square.High);
        var sum = DoubleDouble.OrderedSum(2 * s.High, second.High);
        return DoubleDouble.OrderedSum(sum.High, sum.Low + ((2 * s.Low) + second.Low + tail));
    }

    /// <summary>2/5 + 2/7 z + 2/9 z² + … for z up to 0.0295: the series of 2 artanh(√z) past its second term, up to s^25.</summary>
    private static double ArtanhTail(double z)
    {
        var series = (2.0 / 23) + (z * (2.0 / 25));
        series = (2.0 / 21) + (z * series);
        series = (2.0 / 19) + (z * series);
        series = (2.0 / 17) + (z * series);
        series = (2.0 / 15) + (z * series);
        series = (2.0 / 13) + (z * series);
        series = (2.0 / 11) + (z * series);
        series = (2.0 / 9) + (z * series);
        series = (2.0 / 7) + (z * series);
        return (2.0 / 5) + (z * series);
    }

    /// <summary>Writes a positive finite x as m × 2^exponent with m from √½ to √2.</summary>
    private static double Decompose(double x, out int exponent)
    {
        exponent = 0;
        if (x < SmallestNormal)
        {
            x *= PowerOfTwo(SignificandBits + 2);
            exponent = -(SignificandBits + 2);
        }

        var bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> SignificandBits) - ExponentBias;
        var significand = BitConverter.Int64BitsToDouble((bits & SignificandMask) | ((long)ExponentBias << SignificandBits));
        if (significand > SquareRootOfTwo)
        {
            significand *= 0.5;
            exponent++;
        }

        return significand;
    }

    private static DoubleDouble Add(DoubleDouble a, DoubleDouble b)
    {
        var sum = DoubleDouble.Sum(a.High, b.High);
        return DoubleDouble.OrderedSum(sum.High, sum.Low + (a.Low + b.Low));
    }
}
