namespace Loophole.Cluster.Graph;

/// <summary>A point of an automation curve.</summary>
/// <param name="Frame">Project frame.</param>
/// <param name="Value">Finite.</param>
/// <param name="IsLinear">Whether the value moves in a straight line to the next point; otherwise it holds until there.</param>
public readonly record struct AutomationPoint(long Frame, double Value, bool IsLinear);
