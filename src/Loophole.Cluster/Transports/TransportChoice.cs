namespace Loophole.Cluster.Transports;

/// <summary>By which transport nodes are dialled.</summary>
public enum TransportChoice
{
    /// <summary>The first of <see cref="TransportSetOptions.Preference"/> that both sides have. The default.</summary>
    Auto = 0,

    /// <summary>TCP; a node that does not offer it is refused.</summary>
    Tcp = 1,

    /// <summary>QUIC; a node that does not offer it is refused, and so is everything where this process has none.</summary>
    Quic = 2,
}
