using System.Numerics;
using System.Runtime.InteropServices;

namespace Loophole.Engine.Media;

/// <summary>Adds samples times gain, sample by sample: two roundings each, whatever the vector width.</summary>
internal static class Mixing
{
    /// <summary>Adds with one gain.</summary>
    /// <param name="source">As many samples as <paramref name="destination"/>.</param>
    /// <param name="gain">Linear.</param>
    /// <param name="destination">Added to.</param>
    public static void Add(ReadOnlySpan<float> source, float gain, Span<float> destination)
    {
        var sources = MemoryMarshal.Cast<float, Vector<float>>(source);
        var sums = MemoryMarshal.Cast<float, Vector<float>>(destination);
        var factor = new Vector<float>(gain);
        for (var index = 0; index < sums.Length; index++)
        {
            sums[index] += sources[index] * factor;
        }

        for (var index = sums.Length * Vector<float>.Count; index < destination.Length; index++)
        {
            destination[index] += source[index] * gain;
        }
    }

    /// <summary>Adds with a gain for each sample.</summary>
    /// <param name="source">As many samples as <paramref name="destination"/>.</param>
    /// <param name="gains">Linear; at least as many.</param>
    /// <param name="destination">Added to.</param>
    public static void Add(ReadOnlySpan<float> source, ReadOnlySpan<float> gains, Span<float> destination)
    {
        var sources = MemoryMarshal.Cast<float, Vector<float>>(source);
        var factors = MemoryMarshal.Cast<float, Vector<float>>(gains);
        var sums = MemoryMarshal.Cast<float, Vector<float>>(destination);
        for (var index = 0; index < sums.Length; index++)
        {
            sums[index] += sources[index] * factors[index];
        }

        for (var index = sums.Length * Vector<float>.Count; index < destination.Length; index++)
        {
            destination[index] += source[index] * gains[index];
        }
    }
}
