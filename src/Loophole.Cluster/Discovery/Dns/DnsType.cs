namespace Loophole.Cluster.Discovery.Dns;

/// <summary>Types of records that are made or understood here. Others are passed over.</summary>
internal enum DnsType : ushort
{
    A = 1,
    Ptr = 12,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,

    /// <summary>Which types a name has, and so which it has not (RFC 6762, 6.1).</summary>
    Nsec = 47,

    /// <summary>In questions: all that there is.</summary>
    Any = 255,
}
