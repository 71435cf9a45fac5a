using Loophole.Cluster.Plan;

namespace Loophole.Cluster.Planning;

/// <summary>What comes out of an insert, as what is live hears it.</summary>
/// <param name="Signal">What is heard: silence for the budget, and then the source from its first frame on.</param>
/// <param name="SourceId">The signal that the insert makes, as wide.</param>
/// <param name="DelayFrames">The budget: frames between the two, 1 or more.</param>
public readonly record struct PlanReturn(PlanSignal Signal, int SourceId, int DelayFrames);
