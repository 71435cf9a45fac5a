namespace Loophole.Cluster.Discovery.Dns;

/// <summary>The parts of a message, in their order; the number is that of the part's count in the header.</summary>
internal enum DnsSection
{
    Questions = 0,
    Answers = 1,

    /// <summary>In a probe: what the prober would like to have.</summary>
    Authorities = 2,
    Additionals = 3,
}
