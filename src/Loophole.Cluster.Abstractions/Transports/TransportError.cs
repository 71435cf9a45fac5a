namespace Loophole.Cluster.Transports;

/// <summary>Why a connection could not be made or was lost. Every transport maps its own errors onto these.</summary>
public enum TransportError
{
    /// <summary>Not classified; see the inner exception.</summary>
    Unknown = 0,

    /// <summary>No peer answered at the endpoint before the deadline.</summary>
    Unreachable = 1,

    /// <summary>The peer answered but refused.</summary>
    Refused = 2,

    /// <summary>The peer aborted, or its process or network went away.</summary>
    PeerReset = 3,

    /// <summary>This side aborted.</summary>
    Aborted = 4,

    /// <summary>The peer does not speak this protocol.</summary>
    ProtocolViolation = 5,

    /// <summary>The local endpoint is taken, malformed, or not allowed by the transport's security.</summary>
    BadEndPoint = 6,

    /// <summary>The two sides have no transport in common, or not the one that is chosen. No single transport says so: whoever has several does.</summary>
    NoCommonTransport = 7,
}
