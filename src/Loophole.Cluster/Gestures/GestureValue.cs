namespace Loophole.Cluster.Gestures;

/// <summary>A value of a parameter, and from when on it is reached.</summary>
/// <param name="StreamId">Which parameter.</param>
/// <param name="Frame">Render frame at which the line to it begins.</param>
/// <param name="Sequence">Its place among the events of that frame.</param>
/// <param name="RampFrames">Length of the line.</param>
/// <param name="Value">The value.</param>
internal readonly record struct GestureValue(int StreamId, long Frame, long Sequence, int RampFrames, double Value);
