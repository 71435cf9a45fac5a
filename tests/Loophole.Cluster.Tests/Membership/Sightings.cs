using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Loophole.Cluster.Discovery;

namespace Loophole.Cluster.Tests.Membership;

/// <summary>Finds what the test says.</summary>
internal sealed class Sightings : INodeDiscovery
{
    private readonly Channel<NodeSighting> _sightings = Channel.CreateUnbounded<NodeSighting>();

    public void Say(NodeChange change, DiscoveredNode node) => Assert.True(_sightings.Writer.TryWrite(new NodeSighting(change, node)));

    public ValueTask<INodeAdvertisement> AdvertiseAsync(NodeAnnouncement node, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public async IAsyncEnumerable<NodeSighting> BrowseAsync(NodeService service, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var sighting in _sightings.Reader.ReadAllAsync(cancellationToken))
        {
            yield return sighting;
        }
    }

    public ValueTask DisposeAsync() => default;
}
