namespace Loophole.Cluster.Timeline;

/// <summary>The time signature from a position on; a bar begins there.</summary>
/// <param name="Beat">Position in quarter notes from the start of the project; finite.</param>
/// <param name="Numerator">Counts in a bar, 1 to 128.</param>
/// <param name="Denominator">What one count is, as a fraction of a whole note: 1, 2, 4, … 128.</param>
public readonly record struct TimeSignatureChange(double Beat, int Numerator, int Denominator)
{
    /// <summary>Quarter notes in a bar. [any]</summary>
    public double BeatsPerBar => Numerator * 4.0 / Denominator;
}
