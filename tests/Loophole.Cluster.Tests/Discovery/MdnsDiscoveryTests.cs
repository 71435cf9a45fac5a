using Loophole.Cluster.Discovery;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Tests.Discovery.Support;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Discovery;

/// <summary>Over the sockets of this machine; skipped where it has no interface for that, not even loopback.</summary>
public sealed class MdnsDiscoveryTests
{
    [Fact]
    public async Task A_node_is_found_and_gone_over_real_sockets()
    {
        await using var mine = new MdnsDiscovery();
        await using var yours = new MdnsDiscovery();
        var id = new NodeId(Guid.NewGuid());
        var name = $"test {id.ToString()[..8]}";
        var node = Station.Signal(name, id) with { EndPoints = [new Uri("tcp://127.0.0.1:9000")] };
        INodeAdvertisement advertisement;
        try
        {
            advertisement = await mine.AdvertiseAsync(node, Wait.Token);
        }
        catch (DiscoveryException missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }

        var watcher = new Watcher(yours.BrowseAsync(NodeService.Signal, Wait.Token));
        var found = await OfAsync(watcher, id);
        Assert.Equal((NodeChange.Found, name), (found.Change, found.Node.Name));
        Assert.Equal([new Uri("tcp://127.0.0.1:9000")], found.Node.EndPoints);
        await advertisement.DisposeAsync();
        var gone = await OfAsync(watcher, id);
        Assert.Equal((NodeChange.Gone, NodeGoneReason.Goodbye), (gone.Change, gone.Reason));
        await yours.DisposeAsync();
        await watcher.EndAsync();
    }

    private static async Task<NodeSighting> OfAsync(Watcher watcher, NodeId id)
    {
        while (true)
        {
            // Others may be there.
            if (await watcher.NextAsync() is var sighting && sighting.Node.Id == id)
            {
                return sighting;
            }
        }
    }
}
