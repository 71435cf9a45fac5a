namespace Loophole.Cluster.Timeline;

/// <summary>A musical position.</summary>
/// <param name="Bar">Bar, counted from 1; 0 and less before the start of the project.</param>
/// <param name="Count">Count in the bar, from 1, in units of the time signature's denominator; may be fractional.</param>
public readonly record struct TimeSignaturePosition(long Bar, double Count);
