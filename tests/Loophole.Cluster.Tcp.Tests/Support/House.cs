using System.Buffers;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Connections;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Tests.Support;

/// <summary>A listener that is about to be ill-treated, with an honest peer that was connected before and must not notice.</summary>
internal sealed class House : IAsyncDisposable
{
    private readonly TcpTransport _transport;
    private readonly CountingMemoryPool _pool = new();
    private IClusterConnection _near = null!;
    private IClusterConnection _far = null!;

    private House(Security security, int maxHalfOpen, TimeProvider? time)
    {
        _transport = new TcpTransport(
            new TcpTransportOptions
            {
                InsecureLoopback = security == Security.Plain,
                Credentials = security == Security.Tls ? TestNode.Credentials : null,
                MaxHalfOpen = maxHalfOpen,
                Pool = _pool,
            },
            Log,
            time);
    }

    public LogRecorder Log { get; } = new();

    public TcpClusterListener Listener { get; private set; } = null!;

    public Uri EndPoint => Listener.LocalEndPoint;

    public IClusterTransport Transport => _transport;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<House> OpenAsync(Security security, int maxHalfOpen = 8, TimeProvider? time = null)
    {
        var house = new House(security, maxHalfOpen, time);
        house.Listener = (TcpClusterListener)await house._transport.ListenAsync(new Uri("tcp://127.0.0.1:0"), Token);
        (house._near, house._far) = await house.ConnectAsync();
        return house;
    }

    public async Task<(IClusterConnection Near, IClusterConnection Far)> ConnectAsync()
    {
        var accepting = Listener.AcceptAsync(Token).AsTask();
        var near = await Wait.For(_transport.ConnectAsync(EndPoint, Token));
        return (near, (await Wait.For(accepting))!);
    }

    /// <summary>Asserts that the honest peer is undisturbed, that another can come, and that nothing of the ill treatment is left.</summary>
    public async Task StandsAsync()
    {
        await PassAsync(_near.Control, _far.Control);
        var (near, far) = await ConnectAsync();
        var opening = near.OpenChannelAsync(ChannelPurpose.Media, Token).AsTask();
        await using (var there = (await Wait.For(far.AcceptChannelAsync(Token)))!)
        await using (var here = await Wait.For(opening))
        {
            await PassAsync(here, there);
        }

        await Wait.For(near.DisposeAsync());
        await Wait.For(far.DisposeAsync());
        await Wait.Until(() => Listener.HalfOpen == 0);
        await Wait.Until(() => Listener.Connections == 1);
    }

    public async ValueTask DisposeAsync()
    {
        await Wait.For(_near.DisposeAsync());
        await Wait.For(_far.DisposeAsync());
        await Wait.For(_transport.DisposeAsync());
        await Wait.Until(() => _pool.Outstanding == 0);
    }

    private static async Task PassAsync(IClusterChannel from, IClusterChannel to)
    {
        await Wait.For(from.Output.WriteAsync("honest"u8.ToArray(), Token).AsTask());
        var heard = await Wait.For(to.Input.ReadAtLeastAsync(6, Token));
        Assert.Equal("honest"u8.ToArray(), heard.Buffer.ToArray());
        to.Input.AdvanceTo(heard.Buffer.End);
    }
}
