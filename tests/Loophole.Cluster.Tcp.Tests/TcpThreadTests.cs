using System.Buffers;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Tests;

/// <summary>Receiving on a thread, straight from the socket.</summary>
[Collection(nameof(Alone))]
public sealed class TcpThreadTests
{
    private static readonly WaitStrategy[] Strategies = Enum.GetValues<WaitStrategy>();

    public static TheoryData<string, Security, WaitStrategy> Clauses
    {
        get
        {
            var data = new TheoryData<string, Security, WaitStrategy>();
            foreach (var clause in ThreadCases.Clauses)
            {
                data.Add(clause, Security.Plain, WaitStrategy.Adaptive);
                data.Add(clause, Security.Tls, WaitStrategy.Adaptive);
                data.Add(clause, Security.Plain, WaitStrategy.LowLatency);
                data.Add(clause, Security.Tls, WaitStrategy.Block);
            }

            return data;
        }
    }

    public static TheoryData<Security, WaitStrategy> Ways
    {
        get
        {
            var data = new TheoryData<Security, WaitStrategy>();
            foreach (var strategy in Strategies)
            {
                data.Add(Security.Plain, strategy);
                data.Add(Security.Tls, strategy);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Clauses))]
    public Task The_link_contract_holds(string clause, Security security, WaitStrategy wait) =>
        RunAsync(LinkCases.All[clause], pool => new ThreadedTransport(Create(security, wait, pool)));

    [Theory, MemberData(nameof(Ways))]
    public Task Every_end_wakes_the_thread(Security security, WaitStrategy wait) => RunAsync(ThreadCases.EveryEndWakes, pool => Create(security, wait, pool));

    [Theory, MemberData(nameof(Ways))]
    public Task Steady_state_allocates_nothing_per_block(Security security, WaitStrategy wait) => RunAsync(
        async scene =>
        {
            var (bytes, blocks) = await ThreadCases.MeasureAsync(scene);
            TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes for {blocks} blocks");
            Assert.InRange(bytes, 0, SteadyState.Tolerance);
        },
        pool => Create(security, wait, pool));

    private static TcpTransport Create(Security security, WaitStrategy wait, MemoryPool<byte> pool) => new(new TcpTransportOptions
    {
        InsecureLoopback = security == Security.Plain,
        Credentials = security == Security.Tls ? TestNode.Credentials : null,
        AudioLinks = new AudioLinkOptions { Wait = wait },
        Pool = pool,
    });

    private static async Task RunAsync(Func<Scene, Task> clause, Func<MemoryPool<byte>, IClusterTransport> create)
    {
        var pool = new CountingPool();
        await using (var scene = await Scene.StartAsync(create, new Uri("tcp://127.0.0.1:0"), pool))
        {
            await clause(scene);
        }

        await Wait.Until(() => pool.Outstanding == 0);
    }
}
