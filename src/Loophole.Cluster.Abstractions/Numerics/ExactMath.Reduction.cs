using System.Numerics;

namespace Loophole.Cluster.Numerics;

public static partial class ExactMath
{
    private const double LargestCodyWaiteAngle = 1 << 20;
    private const double EighthTurn = 0.7853981633974483;
    private const double TwoOverPi = 0.6366197723675814;

    // π/2 in four parts; the first three have 33 bits, so that their products with a whole number below 2^20 are exact.
    private const double HalfPiFirst = 1.5707963267341256;
    private const double HalfPiSecond = 6.077100506303966e-11;
    private const double HalfPiThird = 2.0222662487111665e-21;
    private const double HalfPiFourth = 8.4784276603689e-32;

    private static readonly DoubleDouble HalfPi = new(1.5707963267948966, 6.123233995736766e-17);

    // 64 zero bits, then the first 1,280 binary places of 2/π.
    private static ReadOnlySpan<ulong> TwoOverPiBits =>
    [
        0, 0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561, 0xB7246E3A424DD2E0, 0x06492EEA09D1921C,
        0xFE1DEB1CB129A73E, 0xE88235F52EBB4484, 0xE99C7026B45F7E41, 0x3991D639835339F4, 0x9C845F8BBDF9283B, 0x1FF897FFDE05980F,
        0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D, 0x7527BAC7EBE5F17B, 0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08,
        0x56033046FC7B6BAB, 0xF0CFBC209AF4361D,
    ];

    /// <summary>x less the nearest multiple of π/2.</summary>
    /// <param name="x">Finite.</param>
    /// <param name="quadrant">The multiple; its last two bits are right.</param>
    /// <returns>−π/4 to π/4 or a hair beyond, to about 2^-70 of itself.</returns>
    private static DoubleDouble ReduceToOctant(double x, out int quadrant)
    {
        var size = Math.Abs(x);
        if (size <= EighthTurn)
        {
            quadrant = 0;
            return new DoubleDouble(x, 0);
        }

        if (size > LargestCodyWaiteAngle)
        {
            var rest = ReduceLargeAngle(size, out quadrant);
            if (x > 0)
            {
                return rest;
            }

            quadrant = -quadrant;
            return new DoubleDouble(-rest.High, -rest.Low);
        }

        var multiple = Math.Floor((x * TwoOverPi) + 0.5);
        quadrant = (int)multiple;
        var first = DoubleDouble.Sum(x - (multiple * HalfPiFirst), -(multiple * HalfPiSecond));
        var second = DoubleDouble.Sum(first.High, -(multiple * HalfPiThird));
        return DoubleDouble.Sum(second.High, (first.Low + second.Low) - (multiple * HalfPiFourth));
    }

    /// <summary>Payne–Hanek: multiplies with just those bits of 2/π that decide the quadrant and the fraction.</summary>
    private static DoubleDouble ReduceLargeAngle(double x, out int quadrant)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var significand = (ulong)((bits & SignificandMask) | (1L << SignificandBits));
        var exponent = (int)(bits >> SignificandBits) - ExponentBias - SignificandBits;

        // Binary place e − 1 of 2/π weighs 2 in significand × 2^e × 2/π; places before it are whole turns. The 192 places from
        // there on, times the significand and modulo 2^192, are the product modulo 4 in units of 2^-190.
        var (word, shift) = Math.DivRem(exponent - 1 + 63, 64);
        var (high, middle, low) = (PlacesAt(word, shift), PlacesAt(word + 1, shift), PlacesAt(word + 2, shift));
        var carry = Math.BigMul(low, significand, out low);
        var carry2 = Math.BigMul(middle, significand, out middle);
        middle += carry;
        carry2 += middle < carry ? 1UL : 0;
        high = (high * significand) + carry2;

        quadrant = (int)(((high >> 61) + 1) >> 1) & 3;

        // The fraction as a signed number from −1/2 to 1/2, in units of 2^-192.
        high = (high << 2) | (middle >> 62);
        middle = (middle << 2) | (low >> 62);
        low <<= 2;
        var isNegative = (long)high < 0;
        if (isNegative)
        {
            low = ~low + 1;
            middle = ~middle + (low == 0 ? 1UL : 0);
            high = ~high + (low == 0 && middle == 0 ? 1UL : 0);
        }

        // No double comes closer than 2^-62 to a multiple of π/2, so 128 bits from the first one down are there.
        var zeros = BitOperations.LeadingZeroCount(high);
        if (zeros == 64)
        {
            (high, middle, low) = (middle, low, 0);
            zeros = 64 + BitOperations.LeadingZeroCount(high);
        }

        var offset = zeros & 63;
        high = ShiftIn(high, middle, offset);
        middle = ShiftIn(middle, low, offset);
        var unit = PowerOfTwo(-64 - zeros) * (isNegative ? -1 : 1);
        var leading = (double)(high >> 11) * 2048;
        var trailing = (double)(high & 2047) + ((double)(middle >> 11) * PowerOfTwo(-53));
        return new DoubleDouble(leading * unit, trailing * unit).Times(HalfPi);
    }

    private static ulong PlacesAt(int word, int shift) => ShiftIn(TwoOverPiBits[word], TwoOverPiBits[word + 1], shift);

    private static ulong ShiftIn(ulong value, ulong next, int shift) => shift == 0 ? value : (value << shift) | (next >> (64 - shift));
}
