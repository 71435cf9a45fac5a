using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Loophole.Cluster.Discovery.Dns;

namespace Loophole.Cluster.Discovery.Multicast;

/// <summary>A node that is advertised: its names, the same on every link, and the records made of them. Changed under the agent's lock.</summary>
internal sealed class Advertisement : INodeAdvertisement
{
    /// <summary>Addresses of one interface that are told.</summary>
    private const int MaxAddresses = 8;

    /// <summary>So many conflicts in a row are somebody's intent, and from then on each takes its time (RFC 6762, 8.1).</summary>
    private const int ManyConflicts = 15;

    private static readonly TimeSpan LongDelay = TimeSpan.FromSeconds(5);

    private readonly MulticastAgent _agent;
    private readonly NodeAnnouncement _node;
    private readonly DnsName _service;
    private readonly byte[] _text;
    private int _number = 1;
    private int _conflicts;

    public Advertisement(MulticastAgent agent, NodeAnnouncement node, string host)
    {
        (_agent, _node, _service, _text) = (agent, node, ServiceNames.Of(node.Service), NodeText.Of(node).ToBytes());
        (Name, Host) = (Shortened(""), ServiceNames.Local.Child(host));
        Instance = _service.Child(Name);
    }

    public string Name { get; private set; }

    /// <summary>Whose SRV and TXT records are unique.</summary>
    public DnsName Instance { get; private set; }

    /// <summary>Whose addresses are unique. Nobody looks for it by name: it is random, so that nodes of one machine, and of one id, do not share it.</summary>
    public DnsName Host { get; private set; }

    /// <summary>How long to wait before it is tried with a name again.</summary>
    public TimeSpan Delay => _conflicts >= ManyConflicts ? LongDelay : TimeSpan.Zero;

    public ValueTask DisposeAsync()
    {
        _agent.Withdraw(this);
        return default;
    }

    /// <summary>Somebody else has one of the names.</summary>
    public void Rename(bool isHost, string host)
    {
        _conflicts++;
        if (isHost)
        {
            Host = ServiceNames.Local.Child(host);
        }
        else
        {
            Name = Shortened(string.Create(CultureInfo.InvariantCulture, $" ({++_number})"));
            Instance = _service.Child(Name);
        }
    }

    /// <summary>Nobody contradicted.</summary>
    public void Settle() => _conflicts = 0;

    /// <summary>What is said of the node on a link; nothing where it cannot be reached.</summary>
    public ImmutableArray<DnsRecord> RecordsOn(IMulticastLink link)
    {
        ImmutableArray<IPAddress> addresses = [.. link.Addresses.Where(ListensAt).Take(MaxAddresses)];
        if (addresses.IsEmpty)
        {
            return [];
        }

        var addressRecords = addresses.Select(address => DnsRecord.Address(Host, address)).ToList();
        return
        [
            DnsRecord.Pointer(_service, Instance),
            DnsRecord.Pointer(ServiceNames.All, _service),
            DnsRecord.Service(Instance, _node.EndPoints[0].Port, Host),
            DnsRecord.Text(Instance, _text),
            .. addressRecords,
            DnsRecord.Types(Instance, DnsType.Txt, DnsType.Srv),
            DnsRecord.Types(Host, [.. addressRecords.Select(record => record.Type).Distinct()]),
        ];
    }

    private bool ListensAt(IPAddress address) => _node.EndPoints.Any(endPoint =>
    {
        var bound = IPAddress.Parse(endPoint.DnsSafeHost);
        return bound.Equals(IPAddress.IPv6Any)
            || (bound.Equals(IPAddress.Any) ? address.AddressFamily == AddressFamily.InterNetwork : bound.GetAddressBytes().AsSpan().SequenceEqual(address.GetAddressBytes()));
    });

    /// <summary>The name with something behind it, in as many bytes as a label may have.</summary>
    private string Shortened(string behind)
    {
        var room = DnsName.MaxLabel - Encoding.UTF8.GetByteCount(behind);
        var name = new StringBuilder();
        foreach (var rune in _node.Name.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            name.Append(rune);
        }

        return name.Append(behind).ToString();
    }
}
