namespace Loophole.Cluster.Plan;

/// <summary>An input of a sum.</summary>
/// <param name="SignalId">The signal read.</param>
/// <param name="DelayFrames">Frames by which it is delayed first (delay compensation), 0 or more.</param>
public readonly record struct SumInput(int SignalId, int DelayFrames);
