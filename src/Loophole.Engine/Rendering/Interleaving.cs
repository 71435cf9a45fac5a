using System.Numerics;
using System.Runtime.InteropServices;
using Loophole.Cluster.Audio;

namespace Loophole.Engine.Rendering;

/// <summary>Between interleaved samples (links, files, devices) and planar ones (signals). Moves bits, computes nothing.</summary>
internal static class Interleaving
{
    private const int HalfBits = 32;

    /// <summary>Takes interleaved samples apart.</summary>
    /// <param name="interleaved">Frames × channels of <paramref name="planar"/>.</param>
    /// <param name="planar">Filled.</param>
    public static void Split(ReadOnlySpan<float> interleaved, AudioBuffer planar)
    {
        switch (planar.ChannelCount)
        {
            case 1:
                interleaved.CopyTo(planar.Channel(0));
                break;
            case 2:
                SplitPairs(interleaved, planar.Channel(0), planar.Channel(1));
                break;
            default:
                for (var channel = 0; channel < planar.ChannelCount; channel++)
                {
                    var samples = planar.Channel(channel);
                    for (int i = 0, from = channel; i < samples.Length; i++, from += planar.ChannelCount)
                    {
                        samples[i] = interleaved[from];
                    }
                }

                break;
        }
    }

    /// <summary>Interleaves planar samples.</summary>
    /// <param name="planar">The samples.</param>
    /// <param name="interleaved">Frames × channels of <paramref name="planar"/>; filled.</param>
    public static void Join(AudioBuffer planar, Span<float> interleaved)
    {
        switch (planar.ChannelCount)
        {
            case 1:
                planar.Channel(0).CopyTo(interleaved);
                break;
            case 2:
                JoinPairs(planar.Channel(0), planar.Channel(1), interleaved);
                break;
            default:
                for (var channel = 0; channel < planar.ChannelCount; channel++)
                {
                    var samples = planar.Channel(channel);
                    for (int i = 0, to = channel; i < samples.Length; i++, to += planar.ChannelCount)
                    {
                        interleaved[to] = samples[i];
                    }
                }

                break;
        }
    }

    private static void SplitPairs(ReadOnlySpan<float> interleaved, Span<float> left, Span<float> right)
    {
        var i = 0;
        if (BitConverter.IsLittleEndian)
        {
            // A frame is one 64-bit number: left in its low half, right in its high half.
            var frames = MemoryMarshal.Cast<float, Vector<ulong>>(interleaved);
            var lefts = MemoryMarshal.Cast<float, Vector<uint>>(left);
            var rights = MemoryMarshal.Cast<float, Vector<uint>>(right);
            for (var v = 0; v < lefts.Length; v++)
            {
                var (first, second) = (frames[2 * v], frames[(2 * v) + 1]);
                lefts[v] = Vector.Narrow(first, second);
                rights[v] = Vector.Narrow(first >>> HalfBits, second >>> HalfBits);
            }

            i = lefts.Length * Vector<uint>.Count;
        }

        for (; i < left.Length; i++)
        {
            left[i] = interleaved[2 * i];
            right[i] = interleaved[(2 * i) + 1];
        }
    }

    private static void JoinPairs(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> interleaved)
    {
        var i = 0;
        if (BitConverter.IsLittleEndian)
        {
            var frames = MemoryMarshal.Cast<float, Vector<ulong>>(interleaved);
            var lefts = MemoryMarshal.Cast<float, Vector<uint>>(left);
            var rights = MemoryMarshal.Cast<float, Vector<uint>>(right);
            for (var v = 0; v < lefts.Length; v++)
            {
                Vector.Widen(lefts[v], out var firstLeft, out var secondLeft);
                Vector.Widen(rights[v], out var firstRight, out var secondRight);
                frames[2 * v] = firstLeft | (firstRight << HalfBits);
                frames[(2 * v) + 1] = secondLeft | (secondRight << HalfBits);
            }

            i = lefts.Length * Vector<uint>.Count;
        }

        for (; i < left.Length; i++)
        {
            interleaved[2 * i] = left[i];
            interleaved[(2 * i) + 1] = right[i];
        }
    }
}
