using System.Buffers;
using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.Protocol.Tests;

/// <summary>Receiving on a thread over pipes that cannot be waited at.</summary>
[Collection(nameof(Alone))]
public sealed class InMemoryThreadTests
{
    public static TheoryData<string> Clauses => [.. ThreadCases.Clauses];

    [Theory, MemberData(nameof(Clauses))]
    public Task The_link_contract_holds(string clause) => RunAsync(LinkCases.All[clause], pool => new ThreadedTransport(Create(pool)));

    [Fact]
    public Task Every_end_wakes_the_thread() => RunAsync(ThreadCases.EveryEndWakes, Create);

    [Fact]
    public Task Steady_state_allocates_nothing_per_block() => RunAsync(
        async scene =>
        {
            var (bytes, blocks) = await ThreadCases.MeasureAsync(scene);
            TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes for {blocks} blocks");
            Assert.InRange(bytes, 0, SteadyState.Tolerance);
        },
        Create);

    private static InMemoryTransport Create(MemoryPool<byte> pool) => new(new InMemoryTransportOptions { Pool = pool });

    private static async Task RunAsync(Func<Scene, Task> clause, Func<MemoryPool<byte>, Cluster.Transports.IClusterTransport> create)
    {
        var pool = new CountingPool();
        await using (var scene = await Scene.StartAsync(create, new Uri("memory://threads:0"), pool))
        {
            await clause(scene);
        }

        await Wait.Until(() => pool.Outstanding == 0);
    }
}
