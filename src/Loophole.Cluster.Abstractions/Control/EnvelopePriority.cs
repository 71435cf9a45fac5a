namespace Loophole.Cluster.Control;

/// <summary>How urgent an envelope is.</summary>
public enum EnvelopePriority
{
    /// <summary>Bound to playback.</summary>
    Realtime = 0,

    /// <summary>Before other work.</summary>
    High = 1,

    /// <summary>The default.</summary>
    Normal = 2,

    /// <summary>When there is time.</summary>
    Low = 3,
}
