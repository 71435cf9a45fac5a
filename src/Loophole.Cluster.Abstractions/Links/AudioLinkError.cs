namespace Loophole.Cluster.Links;

/// <summary>Why a link failed. Every transport maps its own errors onto these.</summary>
public enum AudioLinkError
{
    /// <summary>The transport met an error it could not classify; see the inner exception.</summary>
    Unknown = 0,

    /// <summary>The peer aborted the link, or its process or network went away.</summary>
    PeerReset = 1,

    /// <summary>This side aborted the link.</summary>
    Aborted = 2,

    /// <summary>The peer sent bytes that are not a valid frame for the open streams.</summary>
    ProtocolViolation = 3,
}
