using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.TestKit.Tests.Simulation;

namespace Loophole.Cluster.TestKit.Tests.Impairment;

/// <summary>The relay itself, between two plain sockets.</summary>
public sealed class RelayTests : IAsyncDisposable
{
    private readonly CountingMemoryPool _pool = new();
    private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ImpairmentRelay _relay;
    private Socket? _server;

    public RelayTests()
    {
        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen();
        _relay = new ImpairmentRelay((IPEndPoint)_listening.LocalEndPoint!, new ImpairmentRelayOptions { Pool = _pool, BufferBytes = 64 * 1024 });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(99_999)]
    public async Task A_cut_after_a_number_of_bytes_lets_these_through_and_resets_both_ends(int bytes)
    {
        await ConnectAsync();
        _relay.ToTarget.Run(new FaultScript(FaultStep.AfterBytes(bytes, Fault.Cut)));
        var sending = _client.SendAsync(new byte[100_000], Token).AsTask();
        var (count, end) = await ReceiveAllAsync(_server!);
        Assert.Equal(bytes, count);
        Assert.Equal(SocketError.ConnectionReset, end);
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await SimScene.Wait.For(sending);
            while (await SimScene.Wait.For(_client.ReceiveAsync(new byte[1], Token)) > 0)
            {
            }
        });
    }

    [Fact]
    public async Task An_end_in_good_order_passes_as_such_and_leaves_the_other_direction_alone()
    {
        await ConnectAsync();
        await _client.SendAsync(new byte[3000], Token);
        _client.Shutdown(SocketShutdown.Send);
        Assert.Equal((3000, null), await ReceiveAllAsync(_server!));
        await _server!.SendAsync(new byte[5000], Token);
        _server.Shutdown(SocketShutdown.Send);
        Assert.Equal((5000, null), await ReceiveAllAsync(_client));
    }

    [Fact]
    public async Task A_reset_passes_as_a_reset()
    {
        await ConnectAsync();
        _client.LingerState = new LingerOption(true, 0);
        _client.Dispose();
        Assert.Equal((0, SocketError.ConnectionReset), await ReceiveAllAsync(_server!));
    }

    [Fact]
    public async Task Half_open_resets_the_sending_side_only()
    {
        await ConnectAsync();
        _relay.ToTarget.Apply(Fault.HalfOpen);
        Assert.Equal((0, SocketError.ConnectionReset), await ReceiveAllAsync(_client));
        await _server!.SendAsync(new byte[1000], Token);
        Assert.Equal(0, _relay.ToClient.BytesDelivered);
        Assert.False(_server.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public async Task A_black_hole_holds_no_more_than_the_buffer_and_goes_on_when_it_ends()
    {
        await ConnectAsync();
        _relay.ToTarget.Apply(Fault.BlackHole);
        var sending = _client.SendAsync(new byte[8 << 20], Token).AsTask();
        await Task.WhenAny(sending, FullAsync());
        Assert.False(sending.IsCompleted);
        Assert.InRange(_pool.MostOutstandingBytes, 64 * 1024, 256 * 1024);
        _relay.ToTarget.Apply(Fault.Resume);
        var receiving = ReceiveAllAsync(_server!);
        await SimScene.Wait.For(sending);
        _client.Shutdown(SocketShutdown.Send);
        Assert.Equal((8 << 20, null), await receiving);
    }

    [Fact]
    public async Task A_client_of_a_target_that_is_not_there_is_reset()
    {
        _listening.Dispose();
        SocketError? end;
        try
        {
            await SimScene.Wait.For(_client.ConnectAsync(_relay.EndPoint, Token));
            (_, end) = await ReceiveAllAsync(_client);
        }
        catch (SocketException exception)
        {
            // The reset may be as fast as the connection itself.
            end = exception.SocketErrorCode;
        }

        Assert.Equal(SocketError.ConnectionReset, end);
    }

    public async ValueTask DisposeAsync()
    {
        await SimScene.Wait.For(_relay.DisposeAsync());
        await SimScene.Wait.For(_pool.WaitUntilEmptyAsync(Token), "the return of every rented buffer");
        _client.Dispose();
        _server?.Dispose();
        _listening.Dispose();
        _pool.Dispose();
    }

    private async Task ConnectAsync()
    {
        await SimScene.Wait.For(_client.ConnectAsync(_relay.EndPoint, Token));
        _server = await SimScene.Wait.For(_listening.AcceptAsync(Token));
    }

    /// <summary>Completes when the relay holds as much as it will.</summary>
    private async Task FullAsync()
    {
        while (_pool.OutstandingBytes < 64 * 1024)
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<(int Count, SocketError? End)> ReceiveAllAsync(Socket socket)
    {
        var total = 0;
        var buffer = new byte[65536];
        try
        {
            while (await SimScene.Wait.For(socket.ReceiveAsync(buffer, Token)) is > 0 and var count)
            {
                total += count;
            }

            return (total, null);
        }
        catch (SocketException exception)
        {
            return (total, exception.SocketErrorCode);
        }
    }
}
