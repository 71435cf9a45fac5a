namespace Loophole.Cluster.Discovery.Dns;

/// <summary>A question inside a message.</summary>
internal readonly ref struct WireQuestion(WireName name, DnsType type, bool asksInternet, bool wantsUnicast)
{
    private readonly bool _asksInternet = asksInternet;

    public WireName Name { get; } = name;

    public DnsType Type { get; } = type;

    /// <summary>Whether the answer may go to the asker alone (RFC 6762, 5.4).</summary>
    public bool WantsUnicast { get; } = wantsUnicast;

    /// <summary>Whether it asks for records of a type.</summary>
    public bool AsksFor(DnsType type) => _asksInternet && (Type == type || Type == DnsType.Any);
}
