using System.Numerics;
using System.Runtime.InteropServices;

namespace Loophole.Engine.Processors.Samples;

/// <summary>Multiplication, element by element, which has the same bits at every vector width.</summary>
internal static class Gain
{
    public static void Apply(Span<float> audio, float gain)
    {
        // Multiplying by exactly 1 changes no bit.
        if (gain == 1)
        {
            return;
        }

        var vectors = MemoryMarshal.Cast<float, Vector<float>>(audio);
        var factor = new Vector<float>(gain);
        foreach (ref var vector in vectors)
        {
            vector *= factor;
        }

        for (var i = vectors.Length * Vector<float>.Count; i < audio.Length; i++)
        {
            audio[i] *= gain;
        }
    }

    public static void Apply(Span<float> audio, ReadOnlySpan<float> gains)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(audio);
        var factors = MemoryMarshal.Cast<float, Vector<float>>(gains);
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] *= factors[i];
        }

        for (var i = vectors.Length * Vector<float>.Count; i < audio.Length; i++)
        {
            audio[i] *= gains[i];
        }
    }
}
