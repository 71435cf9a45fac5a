using System.Buffers;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.TestKit.Simulation;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Simulation;

/// <summary>A simulated network on a manual clock, with one connection from the place <c>client</c> to the place <c>server</c>.</summary>
internal sealed class SimScene : IAsyncDisposable
{
    private SimScene(SimulatedNetwork network, ManualTimeProvider clock, CountingMemoryPool pool, IClusterListener listener, IClusterConnection near, IClusterConnection far)
    {
        (Network, Clock, Pool, Listener, Near, Far) = (network, clock, pool, listener, near, far);
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Deadline Wait => new(TimeSpan.FromSeconds(20), TimeProvider.System, Token);

    public SimulatedNetwork Network { get; }

    public ManualTimeProvider Clock { get; }

    public CountingMemoryPool Pool { get; }

    public IClusterListener Listener { get; }

    public IClusterConnection Near { get; }

    public IClusterConnection Far { get; }

    public ImpairedLink There => Network.Link("client", "server");

    public ImpairedLink Back => Network.Link("server", "client");

    public static async Task<SimScene> StartAsync(SimulatedNetworkOptions? options = null)
    {
        var (pool, clock) = (new CountingMemoryPool(), new ManualTimeProvider());
        options ??= new SimulatedNetworkOptions();
        var network = new SimulatedNetwork(new SimulatedNetworkOptions { Pool = pool, Seed = options.Seed, PauseThreshold = options.PauseThreshold }, clock);
        var listener = await network.ListenAsync(new Uri("sim://server:0"), Token);
        var near = await Wait.For(network.ConnectAsync(listener.LocalEndPoint, Token));
        var far = await Wait.For(listener.AcceptAsync(Token));
        return new SimScene(network, clock, pool, listener, near, far!);
    }

    /// <summary>Writes to the peer's control channel; returns without waiting for room.</summary>
    public void Send(params byte[] bytes)
    {
        Near.Control.Output.Write(bytes);
        _ = Near.Control.Output.FlushAsync(Token).AsTask();
    }

    /// <summary>What has arrived at the peer's control channel and was not taken yet.</summary>
    public byte[] Take()
    {
        if (!Far.Control.Input.TryRead(out var result))
        {
            return [];
        }

        var bytes = result.Buffer.ToArray();
        Far.Control.Input.AdvanceTo(result.Buffer.End);
        return bytes;
    }

    /// <summary>Completes when an abort between other places has been told: what was to be told before then has had its turn.</summary>
    public async Task SettleAsync()
    {
        await using var listener = await Network.ListenAsync(new Uri("sim://elsewhere:0"), Token);
        for (var turn = 0; turn < 10; turn++)
        {
            await using var near = await Wait.For(Network.Place("another").ConnectAsync(listener.LocalEndPoint, Token));
            await using var far = (await Wait.For(listener.AcceptAsync(Token)))!;
            near.Abort("test");
            await Wait.For(far.Closed);
        }
    }

    /// <summary>Disposes all and checks that everything rented is back.</summary>
    public async ValueTask DisposeAsync()
    {
        await Wait.For(Near.DisposeAsync());
        await Wait.For(Far.DisposeAsync());
        await Wait.For(Listener.DisposeAsync());
        await Wait.For(Network.DisposeAsync());
        await Wait.For(Pool.WaitUntilEmptyAsync(Token), "the return of every rented buffer");
        Assert.Equal(0, Pool.WritesAfterReturn);
        Pool.Dispose();
    }
}
