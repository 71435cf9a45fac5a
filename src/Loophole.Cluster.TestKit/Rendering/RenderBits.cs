using System.Runtime.InteropServices;
using Loophole.Cluster.TestKit.Checks;

namespace Loophole.Cluster.TestKit.Rendering;

/// <summary>Samples, compared by their bits.</summary>
internal static class RenderBits
{
    public static void Noise(Random random, Span<float> samples, double size)
    {
        foreach (ref var sample in samples)
        {
            sample = (float)(((2 * random.NextDouble()) - 1) * size);
        }
    }

    /// <summary>Expects the same bits, and names the first place where they differ.</summary>
    public static void ExpectSame(float[][] expected, float[][] actual, string what)
    {
        for (var channel = 0; channel < expected.Length; channel++)
        {
            var same = MemoryMarshal.Cast<float, uint>(expected[channel]).CommonPrefixLength(MemoryMarshal.Cast<float, uint>(actual[channel]));
            if (same < expected[channel].Length)
            {
                throw new UnmetException(
                    $"the same bits {what}", $"in signal {channel}, sample {same} is {actual[channel][same]:R} instead of {expected[channel][same]:R}");
            }
        }
    }

    /// <summary>Expects +0 everywhere from a sample on.</summary>
    public static void ExpectSilence(float[][] audio, int from, string what)
    {
        for (var channel = 0; channel < audio.Length; channel++)
        {
            var sounding = audio[channel].AsSpan(from).IndexOfAnyExcept(0f);
            var negative = MemoryMarshal.Cast<float, uint>(audio[channel].AsSpan(from)).IndexOf(0x80000000u);
            if (sounding >= 0 || negative >= 0)
            {
                var at = from + (sounding >= 0 ? sounding : negative);
                throw new UnmetException($"exact silence {what}", $"in channel {channel}, frame {at} is {audio[channel][at]:R}");
            }
        }
    }

    /// <summary>Expects finite samples from a sample on.</summary>
    public static void ExpectFinite(float[][] audio, int from, string what)
    {
        for (var channel = 0; channel < audio.Length; channel++)
        {
            var bad = Array.FindIndex(audio[channel], from, sample => !float.IsFinite(sample));
            if (bad >= 0)
            {
                throw new UnmetException($"finite samples {what}", $"in channel {channel}, frame {bad} is {audio[channel][bad]}");
            }
        }
    }
}
