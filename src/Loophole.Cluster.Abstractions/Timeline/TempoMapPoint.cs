namespace Loophole.Cluster.Timeline;

/// <summary>The tempo from a position on.</summary>
/// <param name="Beat">Position in quarter notes from the start of the project; finite.</param>
/// <param name="Bpm">Quarter notes a minute, <see cref="TempoMap.MinimumBpm"/> to <see cref="TempoMap.MaximumBpm"/>.</param>
/// <param name="Curve">How the tempo gets to the next point; of no meaning at the last one.</param>
public readonly record struct TempoMapPoint(double Beat, double Bpm, TempoMapCurve Curve = TempoMapCurve.Step);
