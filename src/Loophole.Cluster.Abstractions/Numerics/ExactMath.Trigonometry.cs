namespace Loophole.Cluster.Numerics;

public static partial class ExactMath
{
    /// <summary>The sine. Error below 0.8 ulp.</summary>
    /// <param name="x">Radians; an infinity gives NaN; the sign of zero is kept.</param>
    /// <returns>−1 to 1.</returns>
    public static double Sin(double x)
    {
        if (x == 0 || !double.IsFinite(x))
        {
            return x == 0 ? x : double.NaN;
        }

        var angle = ReduceToOctant(x, out var quadrant);
        var result = (quadrant & 1) == 0 ? SinNearZero(angle) : CosNearZero(angle);
        return (quadrant & 2) == 0 ? result : -result;
    }

    /// <summary>The cosine. Error below 0.8 ulp.</summary>
    /// <param name="x">Radians; an infinity gives NaN.</param>
    /// <returns>−1 to 1.</returns>
    public static double Cos(double x)
    {
        if (!double.IsFinite(x))
        {
            return double.NaN;
        }

        var angle = ReduceToOctant(x, out var quadrant);
        var result = (quadrant & 1) == 0 ? CosNearZero(angle) : SinNearZero(angle);
        return ((quadrant + 1) & 2) == 0 ? result : -result;
    }

    /// <summary>The tangent. Error below 2 ulp.</summary>
    /// <param name="x">Radians; an infinity gives NaN; the sign of zero is kept.</param>
    /// <returns>Any finite value.</returns>
    public static double Tan(double x)
    {
        if (x == 0 || !double.IsFinite(x))
        {
            return x == 0 ? x : double.NaN;
        }

        var angle = ReduceToOctant(x, out var quadrant);
        var (sine, cosine) = (SinNearZero(angle), CosNearZero(angle));
        return (quadrant & 1) == 0 ? sine / cosine : -(cosine / sine);
    }

    /// <summary>sin(x) for |x| up to π/4: the Taylor series up to x^17/17!, the low part to first order.</summary>
    private static double SinNearZero(DoubleDouble x)
    {
        var square = x.High * x.High;
        var series = (-1.0 / 1307674368000) + (square * (1.0 / 355687428096000));
        series = (1.0 / 6227020800) + (square * series);
        series = (-1.0 / 39916800) + (square * series);
        series = (1.0 / 362880) + (square * series);
        series = (-1.0 / 5040) + (square * series);
        series = (1.0 / 120) + (square * series);
        series = (-1.0 / 6) + (square * series);
        return x.High + ((x.Low - (0.5 * square * x.Low)) + (square * x.High * series));
    }

    /// <summary>cos(x) for |x| up to π/4: the Taylor series up to x^16/16!, the low part to first order.</summary>
    private static double CosNearZero(DoubleDouble x)
    {
        var square = x.High * x.High;
        var series = (-1.0 / 87178291200) + (square * (1.0 / 20922789888000));
        series = (1.0 / 479001600) + (square * series);
        series = (-1.0 / 3628800) + (square * series);
        series = (1.0 / 40320) + (square * series);
        series = (-1.0 / 720) + (square * series);
        series = (1.0 / 24) + (square * series);
        var sum = DoubleDouble.OrderedSum(1, -0.5 * square);
        return sum.High + (sum.Low + ((square * square * series) - (x.High * x.Low)));
    }
}
