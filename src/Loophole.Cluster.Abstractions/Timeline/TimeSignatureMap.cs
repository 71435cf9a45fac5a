using System.Collections.Immutable;

namespace Loophole.Cluster.Timeline;

/// <summary>The time signatures of a project: turns beats into bars. Immutable.</summary>
/// <remarks>A change begins a bar, also where the bar before it is not full; that one counts as a bar. Before the first change its time signature holds.</remarks>
public sealed class TimeSignatureMap
{
    /// <summary>The largest numerator and denominator.</summary>
    public const int Maximum = 128;

    private readonly long[] _bars;

    /// <summary>Makes a map. [any]</summary>
    /// <param name="changes">1 or more, by strictly growing beat.</param>
    /// <exception cref="ArgumentException">There is no change, a beat is not finite or does not grow, or a time signature is out of range.</exception>
    public TimeSignatureMap(ImmutableArray<TimeSignatureChange> changes)
    {
        if (changes.IsDefaultOrEmpty)
        {
            throw new ArgumentException("A time signature map has at least one change.", nameof(changes));
        }

        _bars = new long[changes.Length];
        for (var index = 0; index < changes.Length; index++)
        {
            var change = changes[index];
            if (!double.IsFinite(change.Beat) || (index > 0 && change.Beat <= changes[index - 1].Beat))
            {
                throw new ArgumentException($"Time signature {index} at beat {change.Beat} does not follow the one before it.", nameof(changes));
            }

            if (change.Numerator is < 1 or > Maximum || change.Denominator is < 1 or > Maximum || !int.IsPow2(change.Denominator))
            {
                throw new ArgumentException($"Time signature {index} is {change.Numerator}/{change.Denominator}.", nameof(changes));
            }

            _bars[index] = index == 0
                ? (long)Math.Ceiling(change.Beat / change.BeatsPerBar)
                : _bars[index - 1] + (long)Math.Ceiling((change.Beat - changes[index - 1].Beat) / changes[index - 1].BeatsPerBar);
        }

        Changes = changes;
    }

    /// <summary>The changes, by strictly growing beat; 1 or more. [any]</summary>
    public ImmutableArray<TimeSignatureChange> Changes { get; }

    /// <summary>Which bar and count a beat is. [any]</summary>
    /// <param name="beats">Position in quarter notes; finite.</param>
    /// <returns>The musical position.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="beats"/> is not finite.</exception>
    public TimeSignaturePosition At(double beats)
    {
        if (!double.IsFinite(beats))
        {
            throw new ArgumentOutOfRangeException(nameof(beats), beats, "Not finite.");
        }

        var index = Changes.Length - 1;
        while (index > 0 && Changes[index].Beat > beats)
        {
            index--;
        }

        var change = Changes[index];
        var into = beats - change.Beat;
        var bars = Math.Floor(into / change.BeatsPerBar);
        var count = (into - (bars * change.BeatsPerBar)) * change.Denominator / 4;
        return new TimeSignaturePosition(_bars[index] + (long)bars + 1, count + 1);
    }
}
