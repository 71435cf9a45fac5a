using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Quic.Tests;

/// <summary>Two ends of one connection, with all that it stands on.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly QuicTransport _transport;
    private readonly IClusterListener _listener;

    private Pair(QuicTransport transport, IClusterListener listener, IClusterConnection near, IClusterConnection far)
    {
        (_transport, _listener, Near, Far) = (transport, listener, near, far);
    }

    public IClusterConnection Near { get; }

    public IClusterConnection Far { get; }

    public static async Task<Pair> StartAsync(QuicTransport transport)
    {
        var token = TestContext.Current.CancellationToken;
        var listener = await transport.ListenAsync(Quic.Anywhere, token);
        var connecting = transport.ConnectAsync(listener.LocalEndPoint, token).AsTask();
        var far = await Wait.For(listener.AcceptAsync(token));
        return new Pair(transport, listener, await Wait.For(connecting), far!);
    }

    public async ValueTask DisposeAsync()
    {
        await Wait.For(Near.DisposeAsync());
        await Wait.For(Far.DisposeAsync());
        await Wait.For(_listener.DisposeAsync());
        await Wait.For(_transport.DisposeAsync());
    }
}
