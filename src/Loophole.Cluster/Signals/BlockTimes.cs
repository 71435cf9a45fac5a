using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Loophole.Cluster.Signals;

/// <summary>How long blocks took to render, as a part of how long they sound: how many there were in each of a fixed number of ranges. A range is an eighth of an octave wide, as in an HDR histogram.
/// Nothing is locked or allocated. Safe for concurrent use.</summary>
internal sealed class BlockTimes
{
    /// <summary>How many ranges there are.</summary>
    public const int Ranges = ((MostOctave - StepBits) * Steps) + Steps + Steps;

    private const int StepBits = 3;
    private const int Steps = 1 << StepBits;

    /// <summary>What a whole block's length is in: times below an eighth of an octave above this part of it are told apart by it.</summary>
    private const double Whole = 1 << 16;

    /// <summary>The last octave: from 128 times a block's length on.</summary>
    private const int MostOctave = 23;

    private readonly long[] _counts = new long[Ranges];

    /// <summary>Takes note of a block. [render thread]</summary>
    /// <param name="part">How long it took, as a part of how long it sounds.</param>
    public void Add(double part) => Interlocked.Increment(ref _counts[RangeOf(part)]);

    /// <summary>How many blocks there were in each range so far. [any]</summary>
    public ImmutableArray<long> Counts
    {
        get
        {
            var counts = new long[Ranges];
            for (var range = 0; range < Ranges; range++)
            {
                counts[range] = Volatile.Read(ref _counts[range]);
            }

            return ImmutableCollectionsMarshal.AsImmutableArray(counts);
        }
    }

    /// <summary>The range that a time belongs to.</summary>
    /// <param name="part">As a part of a block's length.</param>
    public static int RangeOf(double part)
    {
        var value = (uint)Math.Clamp(part * Whole, 0, (1 << (MostOctave + 1)) - 1);
        if (value < Steps)
        {
            return (int)value;
        }

        var octave = BitOperations.Log2(value);
        return ((octave - StepBits) * Steps) + (int)(value >> (octave - StepBits));
    }

    /// <summary>Where a range ends, as a part of a block's length.</summary>
    /// <param name="range">0 or more, less than <see cref="Ranges"/>.</param>
    public static double EndOf(int range)
    {
        var octave = (range / Steps) - 1;
        return octave <= 0 ? (range + 1) / Whole : (double)((range - (octave * Steps) + 1L) << octave) / Whole;
    }
}
