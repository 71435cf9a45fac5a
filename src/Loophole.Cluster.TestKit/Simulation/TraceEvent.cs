namespace Loophole.Cluster.TestKit.Simulation;

/// <summary>What an entry of a trace tells.</summary>
public enum TraceEvent
{
    /// <summary>A channel was asked for; the number is its purpose.</summary>
    Opened = 0,

    /// <summary>Bytes were written; the number says how many.</summary>
    Sent = 1,

    /// <summary>Bytes arrived; the number says how many.</summary>
    Arrived = 2,

    /// <summary>The end of a channel arrived; the number says how many bytes came before.</summary>
    Ended = 3,

    /// <summary>An end of a channel was aborted; the number is 0.</summary>
    Aborted = 4,

    /// <summary>A fault happened on the link; the number is the <c>FaultKind</c>.</summary>
    Fault = 5,
}
