using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Loophole.Engine.Media;

/// <summary>Weighs source frames with a kernel.</summary>
/// <remarks>The sum over the taps is defined as eight partial sums, of the taps whose numbers leave the same remainder by 8, each in ascending
/// order, joined as ((0+4)+(2+6))+((1+5)+(3+7)). A machine without 256-bit vectors computes the same eight sums with narrower ones or one by one.</remarks>
internal static class SincResampler
{
    /// <summary>One output sample of one audio channel.</summary>
    /// <param name="near">Kernel at the phase before the position.</param>
    /// <param name="next">Kernel at the phase after it; as many taps.</param>
    /// <param name="weight">How far the position lies between the two, 0 to 1.</param>
    /// <param name="source">As many source samples.</param>
    public static float Interpolate(ReadOnlySpan<float> near, ReadOnlySpan<float> next, float weight, ReadOnlySpan<float> source)
    {
        var from = MemoryMarshal.Cast<float, Vector256<float>>(near);
        var to = MemoryMarshal.Cast<float, Vector256<float>>(next)[..from.Length];
        var samples = MemoryMarshal.Cast<float, Vector256<float>>(source)[..from.Length];
        var weights = Vector256.Create(weight);
        var sums = Vector256<float>.Zero;
        for (var index = 0; index < from.Length; index++)
        {
            sums += (from[index] + ((to[index] - from[index]) * weights)) * samples[index];
        }

        return Join(sums);
    }

    /// <summary>One output sample of each of two audio channels: the same arithmetic as two calls, with the kernel interpolated once.</summary>
    /// <param name="near">Kernel at the phase before the position.</param>
    /// <param name="next">Kernel at the phase after it; as many taps.</param>
    /// <param name="weight">How far the position lies between the two, 0 to 1.</param>
    /// <param name="first">As many source samples of the first audio channel.</param>
    /// <param name="second">As many of the second.</param>
    public static (float First, float Second) Interpolate(
        ReadOnlySpan<float> near, ReadOnlySpan<float> next, float weight, ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        var from = MemoryMarshal.Cast<float, Vector256<float>>(near);
        var to = MemoryMarshal.Cast<float, Vector256<float>>(next)[..from.Length];
        var firsts = MemoryMarshal.Cast<float, Vector256<float>>(first)[..from.Length];
        var seconds = MemoryMarshal.Cast<float, Vector256<float>>(second)[..from.Length];
        var weights = Vector256.Create(weight);
        var firstSums = Vector256<float>.Zero;
        var secondSums = Vector256<float>.Zero;
        for (var index = 0; index < from.Length; index++)
        {
            var kernel = from[index] + ((to[index] - from[index]) * weights);
            firstSums += kernel * firsts[index];
            secondSums += kernel * seconds[index];
        }

        return (Join(firstSums), Join(secondSums));
    }

    private static float Join(Vector256<float> sums)
    {
        var four = sums.GetLower() + sums.GetUpper();
        return (four.GetElement(0) + four.GetElement(2)) + (four.GetElement(1) + four.GetElement(3));
    }
}
