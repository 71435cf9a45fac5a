namespace Loophole.Cluster.Control;

/// <summary>Who sends or is meant by an envelope.</summary>
public enum Party
{
    /// <summary>The user interface.</summary>
    Aura = 0,

    /// <summary>The orchestrator.</summary>
    Pulse = 1,

    /// <summary>An engine.</summary>
    Signal = 2,

    /// <summary>The adviser.</summary>
    Composer = 3,
}
