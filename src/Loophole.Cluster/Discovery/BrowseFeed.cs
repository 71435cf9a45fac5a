using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Loophole.Cluster.Nodes;

namespace Loophole.Cluster.Discovery;

/// <summary>What one reader has not been told yet: per node, how it stands against what was told last. Never more than there are nodes, however slowly it reads. Safe for
/// concurrent use, with one reader.</summary>
internal sealed class BrowseFeed(NodeService service)
{
    private readonly Lock _gate = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Dictionary<(string Name, NodeId? Id), DiscoveredNode> _now = [];
    private readonly Dictionary<(string Name, NodeId? Id), DiscoveredNode> _told = [];
    private readonly Dictionary<(string Name, NodeId? Id), NodeGoneReason> _untold = [];

    public NodeService Service => service;

    /// <summary>A node is there, or is there as this now.</summary>
    public void Put(DiscoveredNode node)
    {
        lock (_gate)
        {
            _now[KeyOf(node)] = node;
            _untold[KeyOf(node)] = NodeGoneReason.None;
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>A node is gone.</summary>
    public void Remove(DiscoveredNode node, NodeGoneReason reason)
    {
        lock (_gate)
        {
            _now.Remove(KeyOf(node));
            if (_told.ContainsKey(KeyOf(node)))
            {
                _untold[KeyOf(node)] = reason;
            }
            else
            {
                _untold.Remove(KeyOf(node));
            }
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Ends the sequence, once what there is was read.</summary>
    public void End() => _news.Writer.TryComplete();

    public async IAsyncEnumerable<NodeSighting> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var _ in _news.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            while (TryTake(out var sighting))
            {
                yield return sighting;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private static (string Name, NodeId? Id) KeyOf(DiscoveredNode node) => (node.Name, node.Id);

    private bool TryTake([NotNullWhen(true)] out NodeSighting? sighting)
    {
        lock (_gate)
        {
            sighting = null;
            while (sighting is null && _untold.Count > 0)
            {
                var (key, reason) = _untold.First();
                _untold.Remove(key);
                var (told, now) = (_told.GetValueOrDefault(key), _now.GetValueOrDefault(key));
                sighting = (told, now) switch
                {
                    (null, not null) => new NodeSighting(NodeChange.Found, now),
                    (not null, null) => new NodeSighting(NodeChange.Gone, told, reason),
                    (not null, not null) when !told.Equals(now) => new NodeSighting(NodeChange.Changed, now),
                    _ => null,
                };
                if (now is null)
                {
                    _told.Remove(key);
                }
                else
                {
                    _told[key] = now;
                }
            }

            return sighting is not null;
        }
    }
}
