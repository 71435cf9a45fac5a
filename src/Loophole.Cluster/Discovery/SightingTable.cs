using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Discovery.Multicast;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Discovery;

/// <summary>Puts together what is seen of a node through several links, and tells whoever browses. Used under the agent's lock.</summary>
internal sealed class SightingTable
{
    private const int MaxEndPoints = 64;

    private readonly Dictionary<(NodeService Service, string Name, NodeId Id), Sighted> _sighted = [];
    private readonly List<BrowseFeed> _feeds = [];

    /// <summary>How many nodes are seen.</summary>
    public int Count => _sighted.Count;

    /// <summary>Whether anybody looks for a service.</summary>
    public bool IsBrowsed(NodeService service) => _feeds.Exists(feed => feed.Service == service);

    public void Add(BrowseFeed feed)
    {
        _feeds.Add(feed);
        foreach (var sighted in _sighted.Values.Where(sighted => sighted.Node!.Service == feed.Service))
        {
            feed.Put(sighted.Node!);
        }
    }

    public void Remove(BrowseFeed feed) => _feeds.Remove(feed);

    /// <summary>Ends all that anybody reads.</summary>
    public void End() => _feeds.ForEach(feed => feed.End());

    /// <summary>A node is seen through a link, or is seen there as something else now.</summary>
    public void Put(IMulticastLink link, SeenNode node)
    {
        var key = KeyOf(node);
        if (!_sighted.TryGetValue(key, out var sighted))
        {
            _sighted[key] = sighted = new Sighted();
        }

        sighted.Seen.RemoveAll(seen => seen.Link == link);
        sighted.Seen.Add((link, node));
        Tell(key);
    }

    /// <summary>A node is not seen through a link any more.</summary>
    public void Remove(IMulticastLink link, SeenNode node, NodeGoneReason reason)
    {
        var key = KeyOf(node);
        if (!_sighted.TryGetValue(key, out var sighted))
        {
            return;
        }

        sighted.Seen.RemoveAll(seen => seen.Link == link);
        if (sighted.Seen.Count > 0)
        {
            Tell(key);
            return;
        }

        _sighted.Remove(key);
        if (sighted.Node is { } last)
        {
            _feeds.FindAll(feed => feed.Service == key.Service).ForEach(feed => feed.Remove(last, reason));
        }

        TellNamesakes(key);
    }

    private static (NodeService Service, string Name, NodeId Id) KeyOf(SeenNode node) => (node.Service, node.Name, node.Text.Id);

    private void Tell((NodeService Service, string Name, NodeId Id) key)
    {
        var sighted = _sighted[key];
        var isNew = sighted.Node is null;
        TellOne(key, sighted);
        if (isNew)
        {
            TellNamesakes(key);
        }
    }

    /// <summary>Others of the same id have one more or less of them.</summary>
    private void TellNamesakes((NodeService Service, string Name, NodeId Id) key)
    {
        foreach (var (other, sighted) in _sighted.Where(entry => entry.Key != key && entry.Key.Service == key.Service && entry.Key.Id == key.Id))
        {
            TellOne(other, sighted);
        }
    }

    private void TellOne((NodeService Service, string Name, NodeId Id) key, Sighted sighted)
    {
        ImmutableArray<string> sameId = [.. _sighted.Keys.Where(other => other != key && other.Service == key.Service && other.Id == key.Id).Select(other => other.Name).Order(StringComparer.Ordinal)];
        var node = Joined(sighted.Seen, sameId);
        if (!node.Equals(sighted.Node))
        {
            sighted.Node = node;
            _feeds.FindAll(feed => feed.Service == key.Service).ForEach(feed => feed.Put(node));
        }
    }

    /// <summary>What was seen first says what it is; where it is has everybody's say, in an order that does not depend on whose came first.</summary>
    private static DiscoveredNode Joined(List<(IMulticastLink Link, SeenNode Node)> seen, ImmutableArray<string> sameId)
    {
        var (first, text) = (seen[0].Node, seen[0].Node.Text);
        var addresses = seen.SelectMany(entry => entry.Node.Addresses).Distinct().OrderBy(RankOf).ThenBy(address => address.ToString(), StringComparer.Ordinal).ToList();
        return new DiscoveredNode
        {
            Service = first.Service,
            Name = first.Name,
            Id = text.Id,
            ProtocolVersion = text.ProtocolVersion,
            Role = text.Role,
            Kind = text.Kind,
            EndPoints = [.. text.Ports.SelectMany(port => addresses.Select(address => new Uri($"{port.Scheme}://{new IPEndPoint(address, port.Port)}"))).Take(MaxEndPoints)],
            SameIdAs = sameId,
        };
    }

    /// <summary>The shortest way first; those with a zone, which means nothing to anybody else, last.</summary>
    private static int RankOf(IPAddress address) =>
        IPAddress.IsLoopback(address) ? 0 : address.AddressFamily == AddressFamily.InterNetwork ? 1 : address.IsIPv6LinkLocal ? 3 : 2;

    private sealed class Sighted
    {
        public List<(IMulticastLink Link, SeenNode Node)> Seen { get; } = [];

        /// <summary>What was told of it; <see langword="null"/> before the first time.</summary>
        public DiscoveredNode? Node { get; set; }
    }
}
