using System.Numerics;
using System.Runtime.InteropServices;

namespace Loophole.Engine.Rendering;

/// <summary>Element-wise arithmetic on runs of samples. Vectorised across samples, so that the bits do not depend on the width of a vector.</summary>
internal static class PlanarArithmetic
{
    /// <summary><c>target = target + addend</c>.</summary>
    public static void Add(ReadOnlySpan<float> addend, Span<float> target)
    {
        addend = addend[..target.Length];
        var addends = MemoryMarshal.Cast<float, Vector<float>>(addend);
        var targets = MemoryMarshal.Cast<float, Vector<float>>(target)[..addends.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] += addends[i];
        }

        for (var i = targets.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] += addend[i];
        }
    }

    /// <summary><c>target = target ÷ divisor</c>.</summary>
    public static void Divide(Span<float> target, float divisor)
    {
        var targets = MemoryMarshal.Cast<float, Vector<float>>(target);
        var divisors = new Vector<float>(divisor);
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] /= divisors;
        }

        for (var i = targets.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] /= divisor;
        }
    }

    /// <summary><c>target = source × factor</c>.</summary>
    public static void Scale(ReadOnlySpan<float> source, float factor, Span<float> target)
    {
        source = source[..target.Length];
        var sources = MemoryMarshal.Cast<float, Vector<float>>(source);
        var targets = MemoryMarshal.Cast<float, Vector<float>>(target)[..sources.Length];
        var factors = new Vector<float>(factor);
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = sources[i] * factors;
        }

        for (var i = targets.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] = source[i] * factor;
        }
    }

    /// <summary><c>target = source × factors</c>, sample by sample.</summary>
    public static void Multiply(ReadOnlySpan<float> source, ReadOnlySpan<float> factors, Span<float> target)
    {
        source = source[..target.Length];
        factors = factors[..target.Length];
        var sources = MemoryMarshal.Cast<float, Vector<float>>(source);
        var factorVectors = MemoryMarshal.Cast<float, Vector<float>>(factors)[..sources.Length];
        var targets = MemoryMarshal.Cast<float, Vector<float>>(target)[..sources.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = sources[i] * factorVectors[i];
        }

        for (var i = targets.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] = source[i] * factors[i];
        }
    }
}
