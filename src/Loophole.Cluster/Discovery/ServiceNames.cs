using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery;

/// <summary>What services are called in the domain of this network.</summary>
internal static class ServiceNames
{
    /// <summary>Of all names that are no service's: hosts.</summary>
    public static readonly DnsName Local = DnsName.Of("local");

    /// <summary>Whose pointers are to the services that there are (RFC 6763, 9).</summary>
    public static readonly DnsName All = DnsName.Of("_services", "_dns-sd", "_udp", "local");

    private static readonly DnsName Signal = DnsName.Of("_loophole-signal", "_tcp", "local");
    private static readonly DnsName Pulse = DnsName.Of("_loophole-pulse", "_tcp", "local");

    /// <exception cref="ArgumentOutOfRangeException">It is no service.</exception>
    public static DnsName Of(NodeService service) => service switch
    {
        NodeService.Signal => Signal,
        NodeService.Pulse => Pulse,
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "It is no service."),
    };
}
