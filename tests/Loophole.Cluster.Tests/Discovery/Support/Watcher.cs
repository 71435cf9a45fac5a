using Loophole.Cluster.Discovery;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Discovery.Support;

/// <summary>Reads sightings one by one.</summary>
internal sealed class Watcher
{
    private readonly IAsyncEnumerator<NodeSighting> _sightings;
    private Task<bool> _next;

    public Watcher(IAsyncEnumerable<NodeSighting> sightings)
    {
        _sightings = sightings.GetAsyncEnumerator(Wait.Token);
        _next = _sightings.MoveNextAsync().AsTask();
    }

    /// <summary>The next one, which has happened.</summary>
    public async Task<NodeSighting> NextAsync()
    {
        Assert.True(await Wait.For(_next), "The sequence has ended.");
        var sighting = _sightings.Current;
        _next = _sightings.MoveNextAsync().AsTask();
        return sighting;
    }

    /// <summary>The next one, of a kind.</summary>
    public async Task<DiscoveredNode> NextAsync(NodeChange change, NodeGoneReason reason = NodeGoneReason.None)
    {
        var sighting = await NextAsync();
        Assert.Equal((change, reason), (sighting.Change, sighting.Reason));
        return sighting.Node;
    }

    public Task NothingAsync() => Wait.NotYet(_next);

    public async Task EndAsync() => Assert.False(await Wait.For(_next));
}
