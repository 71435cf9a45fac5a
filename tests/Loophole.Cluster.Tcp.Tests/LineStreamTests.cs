using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Sockets;

namespace Loophole.Cluster.Tcp.Tests;

public sealed class LineStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_holds_the_gate_but_while_it_waits_for_the_network()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        using var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Wait.For(near.ConnectAsync(server.LocalEndPoint!, Token));
        using var far = await Wait.For(server.AcceptAsync(Token));
        using var line = new SocketLine(near);
        await using var stream = new LineStream(line);

        var reader = await Wait.For(stream.EnterAsync());
        var entering = stream.EnterAsync().AsTask();
        Assert.False(entering.IsCompleted);
        var reading = stream.ReadAsync(new byte[10], Token).AsTask();
        var ender = await Wait.For(entering);

        // The bytes are there, but not for the reader as long as another has the gate.
        await far.SendAsync((byte[])[22, 3, 3, 0, 1, 0], Token);
        await Wait.Until(() => near.Available == 0);
        Assert.False(reading.IsCompleted);
        ender.Dispose();
        Assert.Equal(6, await Wait.For(reading));

        entering = stream.EnterAsync().AsTask();
        Assert.False(entering.IsCompleted);
        reader.Dispose();
        (await Wait.For(entering)).Dispose();
    }

    [Fact]
    public async Task A_read_that_is_cancelled_has_the_gate_again()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        using var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Wait.For(near.ConnectAsync(server.LocalEndPoint!, Token));
        using var far = await Wait.For(server.AcceptAsync(Token));
        using var line = new SocketLine(near);
        await using var stream = new LineStream(line);
        using var own = new CancellationTokenSource();

        var reader = await Wait.For(stream.EnterAsync());
        var reading = stream.ReadAsync(new byte[10], own.Token).AsTask();
        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(reading));
        var entering = stream.EnterAsync().AsTask();
        Assert.False(entering.IsCompleted);
        reader.Dispose();
        (await Wait.For(entering)).Dispose();
    }
}
