namespace Loophole.Cluster.Discovery;

/// <summary>What kind of process is looked for.</summary>
public enum NodeService
{
    /// <summary>Signals; in DNS-SD <c>_loophole-signal._tcp</c>.</summary>
    Signal = 1,

    /// <summary>Pulses; in DNS-SD <c>_loophole-pulse._tcp</c>.</summary>
    Pulse = 2,
}
