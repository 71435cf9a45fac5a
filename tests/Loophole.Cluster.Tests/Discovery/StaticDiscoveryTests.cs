using Loophole.Cluster.Discovery;
using Loophole.Cluster.Tests.Discovery.Support;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Discovery;

/// <summary>Nodes that were listed by hand.</summary>
public sealed class StaticDiscoveryTests
{
    [Fact]
    public async Task What_was_given_is_found_and_then_nothing_until_it_is_disposed()
    {
        var discovery = StaticDiscovery.Of(NodeService.Signal, [new Uri("tcp://studio:9000"), new Uri("tcp://10.0.0.2:9000"), new Uri("quic://studio:9000")]);
        var (signals, pulses) = (new Watcher(discovery.BrowseAsync(NodeService.Signal, Wait.Token)), new Watcher(discovery.BrowseAsync(NodeService.Pulse, Wait.Token)));
        var studio = await signals.NextAsync(NodeChange.Found);
        Assert.Equal(("studio:9000", null), (studio.Name, studio.Id));
        Assert.Equal([new Uri("tcp://studio:9000"), new Uri("quic://studio:9000")], studio.EndPoints);
        Assert.Equal("10.0.0.2:9000", (await signals.NextAsync(NodeChange.Found)).Name);
        await signals.NothingAsync();
        await discovery.DisposeAsync();
        await signals.EndAsync();
        await pulses.EndAsync();
    }

    [Fact]
    public async Task Nobody_is_told_of_what_is_advertised()
    {
        var discovery = new StaticDiscovery([]);
        var watcher = new Watcher(discovery.BrowseAsync(NodeService.Signal, Wait.Token));
        await using (var advertisement = await discovery.AdvertiseAsync(Station.Signal("studio"), Wait.Token))
        {
            Assert.Equal("studio", advertisement.Name);
            await watcher.NothingAsync();
        }

        await discovery.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await discovery.AdvertiseAsync(Station.Signal("studio"), Wait.Token));
        Assert.Throws<ArgumentException>(() => StaticDiscovery.Of(NodeService.Signal, [new Uri("studio", UriKind.Relative)]));
    }

    [Fact]
    public async Task A_token_ends_the_wait()
    {
        await using var discovery = new StaticDiscovery([]);
        using var ending = new CancellationTokenSource();
        await using var sightings = discovery.BrowseAsync(NodeService.Signal, ending.Token).GetAsyncEnumerator(ending.Token);
        var next = sightings.MoveNextAsync().AsTask();
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(next));
    }
}
