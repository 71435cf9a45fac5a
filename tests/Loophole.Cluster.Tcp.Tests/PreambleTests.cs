using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Tests;

public sealed class PreambleTests : IAsyncLifetime
{
    private readonly CountingPool _pool = new();
    private readonly ManualTimeProvider _time = new();
    private TcpTransport _transport = null!;
    private IClusterListener _listener = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true, Pool = _pool, MaxHalfOpen = 4 }, null, _time);
        _listener = await _transport.ListenAsync(new Uri("tcp://localhost:0"), Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        await Wait.Until(() => _pool.Outstanding == 0);
    }

    [Fact]
    public void The_dumps_in_the_documentation_are_what_the_encoders_write()
    {
        var preamble = new byte[Preamble.Size];
        new Preamble(1, 3, new Guid([.. Enumerable.Range(0, 16).Select(i => (byte)i)]), 0).Write(preamble);
        Assert.Equal(Documentation.Bytes("preamble"), preamble);
        var answer = new byte[PreambleAnswer.Size];
        new PreambleAnswer(1, Answer.Accepted, Guid.Empty).Write(answer);
        Assert.Equal(Documentation.Bytes("answer"), answer);
    }

    public static TheoryData<string, byte[], byte?> Refusals => new()
    {
        { "garbage", [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))], null },
        { "http", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8[..32].ToArray(), null },
        { "an early end", "LPHL"u8.ToArray(), null },
        { "another version", Bytes(new Preamble(2, 1, Guid.Empty, 0)), 1 },
        { "a wrong token", Bytes(new Preamble(1, 3, Guid.NewGuid(), 0)), 2 },
        { "no token", Bytes(new Preamble(1, 0, Guid.Empty, 0)), 2 },
        { "control with a token", Bytes(new Preamble(1, 1, Guid.NewGuid(), 0)), 3 },
        { "control with a request", Bytes(new Preamble(1, 1, Guid.Empty, 1)), 3 },
        { "an unknown purpose", Bytes(new Preamble(1, 7, Guid.Empty, 0)), 3 },
        { "a reserved byte", [.. Bytes(new Preamble(1, 1, Guid.Empty, 0))[..31], 1], 3 },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task What_is_no_preamble_is_refused_and_the_listener_goes_on(string what, byte[] bytes, byte? answer)
    {
        _ = what;
        using (var socket = await DialAsync())
        {
            await socket.SendAsync(bytes, Token);
            if (bytes.Length < 32)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            var heard = await ReadToEndAsync(socket);
            Assert.Equal(answer is { } code ? (24, code) : (0, (byte)0), (heard.Length, heard.Length > 5 ? heard[5] : (byte)0));
        }

        await ConnectAsync();
    }

    [Fact]
    public async Task A_request_number_nobody_waits_for_is_refused()
    {
        using var control = await DialAsync();
        await control.SendAsync(Bytes(new Preamble(1, 1, Guid.Empty, 0)), Token);
        var answer = new byte[24];
        await Wait.For(control.ReceiveAsync(answer, Token));
        var token = new Guid(answer[8..24]);
        await using var accepted = (await Wait.For(_listener.AcceptAsync(Token)))!;
        using var late = await DialAsync();
        await late.SendAsync(Bytes(new Preamble(1, 3, token, 5)), Token);
        Assert.Equal(3, (await ReadToEndAsync(late))[5]);
    }

    [Fact]
    public async Task Slow_clients_neither_stall_the_listener_nor_stay()
    {
        var slow = new List<Socket>();
        for (var i = 0; i < 20; i++)
        {
            slow.Add(await DialAsync());
            await slow[^1].SendAsync("LPH"u8.ToArray(), Token);
        }

        await ConnectAsync();
        foreach (var socket in slow.Take(15))
        {
            await Assert.ThrowsAsync<SocketException>(() => Wait.For(socket.ReceiveAsync(new byte[1], Token)));
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, await Wait.For(slow[^1].ReceiveAsync(new byte[1], Token)));
        slow.ForEach(s => s.Dispose());
        await ConnectAsync();
    }

    [Fact]
    public async Task A_server_of_another_kind_is_a_protocol_violation_and_a_silent_one_unreachable()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        var uri = new Uri($"tcp://{server.LocalEndPoint}");

        var connecting = _transport.ConnectAsync(uri, Token).AsTask();
        using (var peer = await Wait.For(server.AcceptAsync(Token)))
        {
            await peer.SendAsync("SSH-2.0-OpenSSH_9.6 and so on"u8.ToArray(), Token);
            Assert.Equal(TransportError.ProtocolViolation, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(connecting))).Error);
        }

        connecting = _transport.ConnectAsync(uri, Token).AsTask();
        using (var peer = await Wait.For(server.AcceptAsync(Token)))
        {
            var heard = new byte[64];
            Assert.Equal(32, await Wait.For(peer.ReceiveAsync(heard, Token)));
            Assert.False(connecting.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(TransportError.Unreachable, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(connecting))).Error);
        }

        connecting = _transport.ConnectAsync(uri, Token).AsTask();
        using (var peer = await Wait.For(server.AcceptAsync(Token)))
        {
            Assert.Equal(32, await Wait.For(peer.ReceiveAsync(new byte[64], Token)));
            peer.LingerState = new LingerOption(true, 0);
        }

        Assert.Equal(TransportError.Refused, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(connecting))).Error);
    }

    [Theory]
    [InlineData("tcp://192.0.2.1:9000", "not a loopback address")]
    [InlineData("tcp://example.com:9000", "not a loopback address")]
    [InlineData("tcp://0.0.0.0:9000", "not a loopback address")]
    [InlineData("tcp://127.0.0.1", "not a tcp://host:port")]
    [InlineData("http://127.0.0.1:80", "not a tcp://host:port")]
    public async Task Plain_TCP_stays_on_the_machine(string uri, string named)
    {
        foreach (var attempt in (Func<Task>[])[() => _transport.ListenAsync(new Uri(uri), Token).AsTask(), () => _transport.ConnectAsync(new Uri(uri), Token).AsTask()])
        {
            var refused = await Assert.ThrowsAsync<TransportException>(attempt);
            Assert.Equal(TransportError.BadEndPoint, refused.Error);
            Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("tcp://localhost:0")]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData("tcp://[::1]:0")]
    public async Task Localhost_and_both_families_work(string uri)
    {
        Assert.SkipWhen(uri.Contains("::1", StringComparison.Ordinal) && !Socket.OSSupportsIPv6, "The machine has no IPv6.");
        await using var listener = await _transport.ListenAsync(new Uri(uri), Token);
        await using var connection = await Wait.For(_transport.ConnectAsync(listener.LocalEndPoint, Token));
        await using var byName = await Wait.For(_transport.ConnectAsync(new Uri($"tcp://localhost:{listener.LocalEndPoint.Port}"), Token));
    }

    private static byte[] Bytes(Preamble preamble)
    {
        var bytes = new byte[Preamble.Size];
        preamble.Write(bytes);
        return bytes;
    }

    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        var heard = new byte[64];
        var length = 0;
        try
        {
            while (await Wait.For(socket.ReceiveAsync(heard.AsMemory(length), Token)) is > 0 and var count)
            {
                length += count;
            }
        }
        catch (SocketException)
        {
            // A reset is an end, too.
        }

        return heard[..length];
    }

    private async Task<Socket> DialAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Wait.For(socket.ConnectAsync(IPAddress.Loopback, _listener.LocalEndPoint.Port, Token));
        return socket;
    }

    private async Task ConnectAsync()
    {
        var connecting = _transport.ConnectAsync(_listener.LocalEndPoint, Token).AsTask();
        await using var far = await Wait.For(_listener.AcceptAsync(Token));
        await using var near = await Wait.For(connecting);
        Assert.NotNull(far);
    }
}
