using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Tests.Support;

namespace Loophole.Cluster.Tcp.Tests;

/// <summary>Receiving on a thread, straight from the socket.</summary>
[Collection(nameof(Alone))]
public sealed class TcpThreadTests
{
    public static TheoryData<Security, WaitStrategy> Ways
    {
        get
        {
            var data = new TheoryData<Security, WaitStrategy>();
            foreach (var wait in Enum.GetValues<WaitStrategy>())
            {
                data.Add(Security.Plain, wait);
                data.Add(Security.Tls, wait);
            }

            return data;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(ConformanceRows.Links), MemberType = typeof(ConformanceRows))]
    public Task The_link_contract_holds_adaptively(string id) => RunAsync(id, Security.Tls, WaitStrategy.Adaptive);

    [Theory, MemberData(nameof(ConformanceRows.Links), MemberType = typeof(ConformanceRows))]
    public Task The_link_contract_holds_at_low_latency(string id) => RunAsync(id, Security.Plain, WaitStrategy.LowLatency);

    [Theory, MemberData(nameof(ConformanceRows.Links), MemberType = typeof(ConformanceRows))]
    public Task The_link_contract_holds_asleep(string id) => RunAsync(id, Security.Tls, WaitStrategy.Block);

    [Theory, MemberData(nameof(Ways))]
    public Task Steady_state_allocates_nothing_per_block(Security security, WaitStrategy wait) => ConformanceRows.RunAsync(new TcpSubject(security, wait), "RES-003");

    [Theory, InlineData(Security.Plain), InlineData(Security.Tls)]
    public async Task A_link_waits_at_the_network(Security security)
    {
        await using var transport = TestNode.Create(security);
        await using var listener = await transport.ListenAsync(new Uri("tcp://127.0.0.1:0"), Token);
        var connecting = transport.ConnectAsync(listener.LocalEndPoint, Token).AsTask();
        await using var far = (await Wait.For(listener.AcceptAsync(Token)))!;
        await using var near = await Wait.For(connecting);
        Assert.True((await Wait.For(near.OpenAudioLinkAsync(Token))).WaitsAtNetwork);
        Assert.True((await Wait.For(far.AcceptAudioLinkAsync(Token)))!.WaitsAtNetwork);
    }

    [Theory, MemberData(nameof(Ways))]
    public Task No_pool_thread_is_woken_for_what_arrives(Security security, WaitStrategy wait) => ConformanceRows.RunAsync(new TcpSubject(security, wait), "LINK-059");

    private static Task RunAsync(string id, Security security, WaitStrategy wait) => ConformanceRows.RunAsync(new ThreadedSubject(new TcpSubject(security, wait)), id);
}
