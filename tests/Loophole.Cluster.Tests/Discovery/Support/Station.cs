using System.Net;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Discovery.Multicast;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Tests.Discovery.Support;

/// <summary>A machine on a <see cref="Lan"/>.</summary>
internal sealed class Station : IMulticastLinks
{
    private readonly Lan _lan;
    private readonly List<LanLink> _links = [];

    public Station(Lan lan, int number)
    {
        _lan = lan;
        Agent = new MulticastAgent(NullLogger.Instance, lan.Clock, new Random(number));
        _links.Add(new LanLink(lan, Agent, new IPAddress([10, 0, 0, (byte)number])));
        Discovery = new MdnsDiscovery(Agent, this);
    }

    public MulticastAgent Agent { get; }

    public LanLink Link => _links[0];

    public MdnsDiscovery Discovery { get; }

    /// <summary>Messages that it has sent.</summary>
    public IEnumerable<LanMessage> Sent => _lan.Sent.Where(message => _links.Contains(message.From));

    public IEnumerable<LanMessage> Responses => Sent.Where(message => message.IsResponse);

    /// <summary>What a Signal at this station tells of itself.</summary>
    public static NodeAnnouncement Signal(string name, NodeId? id = null) => new()
    {
        Service = NodeService.Signal,
        Id = id ?? new NodeId(Guid.NewGuid()),
        Name = name,
        ProtocolVersion = 3,
        Role = NodeRole.Satellite,
        EndPoints = [new Uri("tcp://0.0.0.0:9000"), new Uri("quic://0.0.0.0:9001")],
    };

    public async Task<INodeAdvertisement> AdvertiseAsync(string name, NodeId? id = null) =>
        await Discovery.AdvertiseAsync(Signal(name, id), Wait.Token);

    /// <summary>Begins to look for Signals.</summary>
    public Watcher Watch() => new(Discovery.BrowseAsync(NodeService.Signal, Wait.Token));

    /// <summary>One interface more, on a network.</summary>
    public LanLink Plug(Lan lan, IPAddress address)
    {
        var link = new LanLink(lan, Agent, address);
        _links.Add(link);
        lan.Plug(link);
        Agent.Add(link);
        return link;
    }

    /// <summary>Its first interface goes.</summary>
    public void Unplug()
    {
        _lan.Unplug(Link);
        Agent.Remove(Link);
    }

    public void Open(MulticastAgent agent)
    {
        _lan.Plug(Link);
        agent.Add(Link);
    }

    public ValueTask DisposeAsync() => default;
}
