namespace Loophole.Cluster.Transports;

/// <summary>What a transport guarantees about who can listen and who is at the other end.</summary>
public enum TransportSecurity
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Bytes never leave the machine or the process.</summary>
    SameMachine = 1,

    /// <summary>Encrypted, both ends authenticated by certificate.</summary>
    MutualTls = 2,
}
