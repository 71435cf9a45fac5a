using System.Net;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Discovery.Dns;
using Loophole.Cluster.Discovery.Multicast;

namespace Loophole.Cluster.Tests.Discovery.Support;

/// <summary>Messages of peers that are none of ours.</summary>
internal static class RawPeer
{
    public static readonly DnsName Service = ServiceNames.Of(NodeService.Signal);

    public static IPEndPoint At(int number = 200, int port = MulticastAgent.Port) => new(new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), port);

    public static byte[] Query(DnsName name, DnsType type, params ReadOnlySpan<DnsRecord> known)
    {
        var writer = new DnsWriter();
        writer.Begin(isResponse: false);
        Assert.True(writer.TryAsk(name, type));
        return With(writer, known, DnsSection.Answers);
    }

    /// <summary>What is known goes on in another message.</summary>
    public static byte[] Truncated(byte[] query)
    {
        query[2] |= 0x02;
        return query;
    }

    /// <summary>The asker would like to be answered alone.</summary>
    public static byte[] ByUnicast(byte[] query)
    {
        query[^2] |= 0x80;
        return query;
    }

    public static byte[] Known(params ReadOnlySpan<DnsRecord> known)
    {
        var writer = new DnsWriter();
        writer.Begin(isResponse: false);
        return With(writer, known, DnsSection.Answers);
    }

    public static byte[] Response(params ReadOnlySpan<DnsRecord> answers)
    {
        var writer = new DnsWriter();
        writer.Begin(isResponse: true);
        return With(writer, answers, DnsSection.Answers);
    }

    /// <summary>All that makes up a node.</summary>
    public static DnsRecord[] Node(string name, IPAddress address, NodeAnnouncement? said = null, string host = "elsewhere")
    {
        said ??= Station.Signal(name);
        var (instance, hostName) = (Service.Child(name), ServiceNames.Local.Child(host));
        return
        [
            DnsRecord.Pointer(Service, instance),
            DnsRecord.Service(instance, 9000, hostName),
            DnsRecord.Text(instance, NodeText.Of(said).ToBytes()),
            DnsRecord.Address(hostName, address),
        ];
    }

    private static byte[] With(DnsWriter writer, ReadOnlySpan<DnsRecord> records, DnsSection section)
    {
        foreach (var record in records)
        {
            Assert.True(writer.TryWrite(record, section));
        }

        return writer.Message.ToArray();
    }
}
