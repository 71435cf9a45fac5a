namespace Loophole.Cluster.Numerics;

public static partial class ExactMath
{
    private const double LargestExpArgument = 709.8;
    private const double SmallestExpArgument = -745.2;
    private const double LargestExp2Argument = 1024;
    private const double SmallestExp2Argument = -1076;
    private const double MaximumDecibels = 6600;

    // ln 2 in two parts; the first has 32 bits, so that its product with any exponent is exact.
    private const double Ln2First = 0.6931471803691238;
    private const double Ln2Second = 1.9082149292705877e-10;

    private static readonly DoubleDouble Log2Of10Over20 = new(0.16609640474436813, -8.345257784509387e-18);

    /// <summary>e^<paramref name="x"/>. Error below 0.8 ulp.</summary>
    /// <param name="x">Any value; −∞ gives 0.</param>
    /// <returns>0 to +∞.</returns>
    public static double Exp(double x)
    {
        if (!(x >= SmallestExpArgument))
        {
            return double.IsNaN(x) ? double.NaN : 0;
        }

        if (x > LargestExpArgument)
        {
            return double.PositiveInfinity;
        }

        var exponent = Math.Floor((x * Log2OfE.High) + 0.5);
        var rest = DoubleDouble.Sum(x - (exponent * Ln2First), -(exponent * Ln2Second));
        return Scale(ExpNearZero(rest), (int)exponent);
    }

    /// <summary>2^<paramref name="x"/>. Error below 0.7 ulp; whole exponents are exact.</summary>
    /// <param name="x">Any value; −∞ gives 0.</param>
    /// <returns>0 to +∞.</returns>
    public static double Exp2(double x) => Exp2(new DoubleDouble(x, 0));

    /// <summary><paramref name="x"/>^<paramref name="y"/> for a base of 0 or more. Error below 0.8 ulp.</summary>
    /// <param name="x">The base; a negative one gives NaN.</param>
    /// <param name="y">The exponent; 0 gives 1 for every base that is a number.</param>
    /// <returns>0 to +∞.</returns>
    public static double Pow(double x, double y)
    {
        if (double.IsNaN(x) || double.IsNaN(y) || x < 0)
        {
            return double.NaN;
        }

        if (y == 0 || x == 1)
        {
            return 1;
        }

        if (x == 0 || double.IsPositiveInfinity(x))
        {
            return (x == 0) == (y > 0) ? 0 : double.PositiveInfinity;
        }

        var logarithm = Log2Extended(x);
        var estimate = logarithm.High * y;
        if (estimate is < SmallestExp2Argument or > LargestExp2Argument)
        {
            return estimate > 0 ? double.PositiveInfinity : 0;
        }

        return Exp2(logarithm.Times(y));
    }

    /// <summary>The hyperbolic tangent. Error below 2 ulp.</summary>
    /// <param name="x">Any value; the sign of zero is kept.</param>
    /// <returns>−1 to 1.</returns>
    public static double Tanh(double x)
    {
        const double One = 20; // 1 − tanh(20) is below half an ulp of 1.
        const double Tiny = 1e-9; // x³/3 is below half an ulp of x.
        if (double.IsNaN(x))
        {
            return double.NaN;
        }

        var size = Math.Abs(x);
        if (size < Tiny)
        {
            return x;
        }

        if (size > One)
        {
            return x > 0 ? 1 : -1;
        }

        // tanh x = (e^2x − 1) / (e^2x + 1), with e^2x − 1 kept free of cancellation.
        var twice = 2 * size;
        var exponent = Math.Floor((twice * Log2OfE.High) + 0.5);
        var rest = DoubleDouble.Sum(twice - (exponent * Ln2First), -(exponent * Ln2Second));
        var scale = PowerOfTwo((int)exponent);
        var series = rest.Low + (rest.High * rest.Low) + ExpTail(rest.High);
        var lessOne = ((scale - 1) + (scale * rest.High)) + (scale * series);
        var result = lessOne / (lessOne + 2);
        return x > 0 ? result : -result;
    }

    private static double Exp2(DoubleDouble x)
    {
        if (!(x.High >= SmallestExp2Argument))
        {
            return double.IsNaN(x.High) ? double.NaN : 0;
        }

        if (x.High >= LargestExp2Argument)
        {
            // Just below 2^1024 the low part can bring the result back to a finite number.
            return x.High > LargestExp2Argument || x.Low >= 0 ? double.PositiveInfinity : double.MaxValue;
        }

        var exponent = Math.Floor(x.High + 0.5);
        var fraction = DoubleDouble.Sum(x.High - exponent, x.Low);
        return Scale(ExpNearZero(fraction.Times(Ln2)), (int)exponent);
    }

    /// <summary>e^x for |x| up to 0.35.</summary>
    private static double ExpNearZero(DoubleDouble x)
    {
        var sum = DoubleDouble.OrderedSum(1, x.High);
        return sum.High + (sum.Low + (x.Low + (x.High * x.Low) + ExpTail(x.High)));
    }

    /// <summary>e^x − 1 − x for |x| up to 0.35: the Taylor series up to x^13/13!.</summary>
    private static double ExpTail(double x)
    {
        var series = (1.0 / 479001600) + (x * (1.0 / 6227020800));
        series = (1.0 / 39916800) + (x * series);
        series = (1.0 / 3628800) + (x * series);
        series = (1.0 / 362880) + (x * series);
        series = (1.0 / 40320) + (x * series);
        series = (1.0 / 5040) + (x * series);
        series = (1.0 / 720) + (x * series);
        series = (1.0 / 120) + (x * series);
        series = (1.0 / 24) + (x * series);
        series = (1.0 / 6) + (x * series);
        series = 0.5 + (x * series);
        return x * x * series;
    }

    /// <summary>value × 2^exponent, rounded once, for a value of about 1.</summary>
    private static double Scale(double value, int exponent)
    {
        const int Step = 600;
        return exponent switch
        {
            > 1000 => value * PowerOfTwo(exponent - Step) * PowerOfTwo(Step),
            < -1000 => value * PowerOfTwo(exponent + Step) * PowerOfTwo(-Step),
            _ => value * PowerOfTwo(exponent),
        };
    }
}
