namespace Loophole.Cluster;

/// <summary>How much work leaves the host. Never changes the sound.</summary>
public enum DistributionPolicy
{
    /// <summary>None.</summary>
    Off = 0,

    /// <summary>Work is shared by capacity; the host takes part.</summary>
    Balanced = 1,

    /// <summary>The host keeps only what nobody else may run, and what joins the others' work.</summary>
    AggressiveOffload = 2,
}
