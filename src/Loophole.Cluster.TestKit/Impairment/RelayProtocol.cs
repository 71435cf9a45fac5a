namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>What an <see cref="ImpairmentRelay"/> forwards.</summary>
public enum RelayProtocol
{
    /// <summary>Byte streams.</summary>
    Tcp = 0,

    /// <summary>Datagrams, such as those of QUIC.</summary>
    Udp = 1,
}
