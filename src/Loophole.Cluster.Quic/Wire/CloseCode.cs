namespace Loophole.Cluster.Quic.Wire;

/// <summary>The application error codes with which streams and connections are ended. The numbers are on the wire and never change.</summary>
internal enum CloseCode : long
{
    /// <summary>In good order: of a stream's reading side, nobody reads any more; of a connection, both sides are done.</summary>
    Done = 0,

    /// <summary>Aborted.</summary>
    Aborted = 1,

    /// <summary>The version is not known here.</summary>
    UnknownVersion = 2,

    /// <summary>The hello is no hello, or its purpose, secret or a reserved field does not fit.</summary>
    BadHello = 3,

    /// <summary>Too many connections or channels wait to be accepted, or the connection is closed.</summary>
    Busy = 4,

    /// <summary>No hello came in time.</summary>
    NoHello = 5,
}
