using System.Buffers;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Protocol.Tests.Control;

/// <summary>Both ends of one in-memory connection.</summary>
internal sealed class MemoryScene(InMemoryTransport transport, IClusterConnection near, IClusterConnection far) : IAsyncDisposable
{
    /// <summary>The end that connected.</summary>
    public IClusterConnection Near => near;

    /// <summary>The end that accepted.</summary>
    public IClusterConnection Far => far;

    public static async Task<MemoryScene> StartAsync(MemoryPool<byte> pool)
    {
        var transport = new InMemoryTransport(new InMemoryTransportOptions { Pool = pool });
        await using var listener = await transport.ListenAsync(new Uri("memory://control"), TestContext.Current.CancellationToken);
        var near = await transport.ConnectAsync(listener.LocalEndPoint, TestContext.Current.CancellationToken);
        var far = await Wait.For(listener.AcceptAsync(TestContext.Current.CancellationToken));
        return new MemoryScene(transport, near, far!);
    }

    public async ValueTask DisposeAsync()
    {
        await Wait.For(near.DisposeAsync());
        await Wait.For(far.DisposeAsync());
        await transport.DisposeAsync();
    }
}
