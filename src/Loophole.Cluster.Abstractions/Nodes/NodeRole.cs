namespace Loophole.Cluster.Nodes;

/// <summary>What a Signal is in a session.</summary>
public enum NodeRole
{
    /// <summary>Renders what it is given and sends it to the host.</summary>
    Satellite = 0,

    /// <summary>Where all audio converges; beside Pulse.</summary>
    Host = 1,
}
