namespace Loophole.Cluster.Placement;

/// <summary>How much work leaves the host. Never changes the sound.</summary>
public enum DistributionPolicy
{
    /// <summary>None.</summary>
    Off = 0,

    /// <summary>As little as possible: only what the host has no capacity for.</summary>
    PreferLocal = 1,

    /// <summary>Work is shared by capacity; the host takes part.</summary>
    Balanced = 2,

    /// <summary>The host keeps only what nobody else may run, as long as the others have the capacity.</summary>
    AggressiveOffload = 3,
}
