namespace Loophole.Cluster.Tcp.Wire;

/// <summary>What the listening side says to a preamble. The numbers are on the wire and never change.</summary>
internal enum Answer : byte
{
    /// <summary>The socket is a channel from the next byte on.</summary>
    Accepted = 0,

    /// <summary>The version is not known here.</summary>
    UnknownVersion = 1,

    /// <summary>No connection here has this id, or it is closed.</summary>
    UnknownConnection = 2,

    /// <summary>The purpose, a number or a reserved field does not fit.</summary>
    BadRequest = 3,

    /// <summary>Too many connections or channels wait to be accepted.</summary>
    Busy = 4,

    /// <summary>The certificate is not the one that the connection was made with.</summary>
    OtherCertificate = 5,

    /// <summary>The ticket was not made with the connection's secret.</summary>
    BadTicket = 6,

    /// <summary>The socket number was used before, or is too old to tell.</summary>
    UsedTicket = 7,
}
