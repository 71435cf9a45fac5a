using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.Protocol.Tests;

/// <summary>Receiving on a thread over pipes that cannot be waited at.</summary>
public sealed class InMemoryThreadTests
{
    [Fact]
    public async Task A_link_does_not_wait_at_the_network()
    {
        await using var network = new InMemoryTransport();
        await using var listener = await network.ListenAsync(new Uri("memory://x"), TestContext.Current.CancellationToken);
        await using var near = await network.ConnectAsync(listener.LocalEndPoint, TestContext.Current.CancellationToken);
        await using var link = await near.OpenAudioLinkAsync(TestContext.Current.CancellationToken);
        Assert.False(link.WaitsAtNetwork);
    }

    [Theory, MemberData(nameof(ConformanceRows.Links), MemberType = typeof(ConformanceRows))]
    public Task The_link_contract_holds(string id) => ConformanceRows.RunAsync(new ThreadedSubject(new InMemorySubject()), id);
}
