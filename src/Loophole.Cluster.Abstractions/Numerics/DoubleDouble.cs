namespace Loophole.Cluster.Numerics;

/// <summary>An unevaluated sum of two doubles: about 106 bits of significand from + − × alone.</summary>
/// <remarks>Algorithms: T. J. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18 (1971);
/// D. E. Knuth, TAOCP 2, 4.2.2 (two-sum). No fused multiply-add is used, so that every machine gives the same bits.</remarks>
/// <param name="High">The sum rounded to a double.</param>
/// <param name="Low">What rounding left over.</param>
internal readonly record struct DoubleDouble(double High, double Low)
{
    private const double Splitter = 134217729; // 2^27 + 1

    /// <summary>a + b exactly.</summary>
    public static DoubleDouble Sum(double a, double b)
    {
        var high = a + b;
        var part = high - a;
        return new DoubleDouble(high, (a - (high - part)) + (b - part));
    }

    /// <summary>a + b exactly, when a is 0 or its exponent is not below that of b.</summary>
    public static DoubleDouble OrderedSum(double a, double b)
    {
        var high = a + b;
        return new DoubleDouble(high, b - (high - a));
    }

    /// <summary>a × b exactly, for magnitudes below 2^996 whose product does not underflow.</summary>
    public static DoubleDouble Product(double a, double b)
    {
        var high = a * b;
        var (a1, a2) = Split(a);
        var (b1, b2) = Split(b);
        return new DoubleDouble(high, (((a1 * b1) - high) + (a1 * b2) + (a2 * b1)) + (a2 * b2));
    }

    /// <summary>The product with a double, to about 2^-102.</summary>
    public DoubleDouble Times(double factor)
    {
        var product = Product(High, factor);
        return OrderedSum(product.High, product.Low + (Low * factor));
    }

    /// <summary>The product with another, to about 2^-102.</summary>
    public DoubleDouble Times(DoubleDouble factor)
    {
        var product = Product(High, factor.High);
        return OrderedSum(product.High, product.Low + ((High * factor.Low) + (Low * factor.High)));
    }

    private static DoubleDouble Split(double value)
    {
        var scaled = Splitter * value;
        var high = scaled - (scaled - value);
        return new DoubleDouble(high, value - high);
    }
}
