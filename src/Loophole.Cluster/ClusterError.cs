namespace Loophole.Cluster;

/// <summary>Why a render across Signals could not be made.</summary>
public enum ClusterError
{
    /// <summary>A Signal could not be reached, or did not answer.</summary>
    NodeUnavailable = 1,

    /// <summary>The host Signal is lost; without it nothing converges.</summary>
    HostLost = 2,

    /// <summary>No Signal is able to run a part of the project.</summary>
    NobodyCanRender = 3,

    /// <summary>The output could not be written.</summary>
    Output = 4,

    /// <summary>A Signal answered that it does not work for this Pulse; it may work for another one, or speak another protocol.</summary>
    NodeRefused = 5,

    /// <summary>A Signal is a host, and there is one in the session already.</summary>
    SecondHost = 6,
}
