using System.Numerics;

namespace Loophole.Cluster.Tests.Numerics;

/// <summary>The reference for ExactMath: Significand × 2^Exponent, with elementary functions in fixed point of 320 binary places.</summary>
internal readonly record struct BigReal(BigInteger Significand, int Exponent)
{
    private const int Places = 320;
    private const int AnglePlaces = 1500;

    private static readonly BigInteger One = BigInteger.One << Places;
    private static readonly BigInteger Ln2 = 2 * Artanh(One / 3);
    private static readonly BigInteger Ln10 = (3 * Ln2) + (2 * Artanh(One / 9));
    private static readonly BigInteger HalfPi = (8 * ArctanOfInverse(5)) - (2 * ArctanOfInverse(239));

    public static BigReal Of(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var significand = bits & ((1L << 52) - 1);
        significand = exponent == 0 ? significand : significand | (1L << 52);
        return new BigReal(value < 0 ? -significand : significand, Math.Max(exponent, 1) - 1075);
    }

    public static BigReal Exp(double x) => ExpFixed(Of(x).Fixed(Places));

    public static BigReal Exp2(double x) => ExpFixed((Of(x).Fixed(Places) * Ln2) >> Places);

    public static BigReal Pow(double x, double y) => ExpFixed((LogFixed(x) * Of(y).Fixed(Places)) >> Places);

    public static BigReal DecibelsToGain(double decibels) => ExpFixed(Of(decibels).Fixed(Places) * Ln10 / (20 * One));

    public static BigReal Log(double x) => new(LogFixed(x), -Places);

    public static BigReal Log2(double x) => new(LogFixed(x) * One / Ln2, -Places);

    public static BigReal Log10(double x) => new(LogFixed(x) * One / Ln10, -Places);

    public static BigReal GainToDecibels(double gain) => new(20 * LogFixed(gain) * One / Ln10, -Places);

    public static BigReal Tanh(double x)
    {
        var square = ExpFixed(2 * Of(x).Fixed(Places)).Fixed(Places);
        return new((square - One) * One / (square + One), -Places);
    }

    public static BigReal Sin(double x) => new(SinCosFixed(x).Sine, -Places);

    public static BigReal Cos(double x) => new(SinCosFixed(x).Cosine, -Places);

    public static BigReal Tan(double x)
    {
        var (sine, cosine) = SinCosFixed(x);
        return new(sine * One / cosine, -Places);
    }

    /// <summary>How far a double is from this value, in units of the last place of this value (normal numbers).</summary>
    public double UlpsTo(double value)
    {
        var other = Of(value);
        var common = Math.Min(Exponent, other.Exponent);
        var mine = Significand << (Exponent - common);
        var difference = BigInteger.Abs(mine - (other.Significand << (other.Exponent - common)));
        var ulpExponent = Math.Max((int)BigInteger.Abs(Significand).GetBitLength() - 53 + Exponent, -1074) - common;
        return ulpExponent >= 0
            ? (double)((difference << 64) >> ulpExponent) / Math.Pow(2, 64)
            : (double)difference * Math.Pow(2, -ulpExponent);
    }

    private BigInteger Fixed(int places) =>
        Exponent + places >= 0 ? Significand << (Exponent + places) : Significand >> -(Exponent + places);

    private static BigReal ExpFixed(BigInteger x)
    {
        var twos = (int)BigInteger.Divide(x, Ln2);
        var rest = x - (twos * Ln2);
        var (sum, term) = (One, One);
        for (var n = 1; !term.IsZero; n++)
        {
            term = ((term * rest) >> Places) / n;
            sum += term;
        }

        return new BigReal(sum, twos - Places);
    }

    private static BigInteger LogFixed(double x)
    {
        var real = Of(x);
        var length = (int)real.Significand.GetBitLength() - 1;
        var significand = real.Significand << (Places - length);
        return ((real.Exponent + length) * Ln2) + (2 * Artanh((significand - One) * One / (significand + One)));
    }

    private static (BigInteger Sine, BigInteger Cosine) SinCosFixed(double x)
    {
        var angle = Of(x).Fixed(AnglePlaces);
        var quadrant = BigInteger.Divide(angle, HalfPi);
        var rest = (angle - (quadrant * HalfPi)) >> (AnglePlaces - Places);
        var (sine, cosine, term) = (BigInteger.Zero, One, One);
        for (var n = 1; !term.IsZero; n++)
        {
            term = ((term * rest) >> Places) / n;
            (sine, cosine) = (n & 3) switch
            {
                0 => (sine, cosine + term),
                1 => (sine + term, cosine),
                2 => (sine, cosine - term),
                _ => (sine - term, cosine),
            };
        }

        return (int)(((quadrant % 4) + 4) % 4) switch
        {
            0 => (sine, cosine),
            1 => (cosine, -sine),
            2 => (-sine, -cosine),
            _ => (-cosine, sine),
        };
    }

    private static BigInteger Artanh(BigInteger x)
    {
        var square = (x * x) >> Places;
        var (sum, power) = (x, x);
        for (var n = 3; !power.IsZero && power != -BigInteger.One; n += 2)
        {
            power = (power * square) >> Places;
            sum += power / n;
        }

        return sum;
    }

    private static BigInteger ArctanOfInverse(int x)
    {
        var power = (BigInteger.One << AnglePlaces) / x;
        var sum = power;
        for (var n = 3; !power.IsZero; n += 2)
        {
            power /= -x * x;
            sum += power / n;
        }

        return sum;
    }
}
