using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Tests.Support;
using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;
using Loophole.Tests;

namespace Loophole.Cluster.Tcp.Tests;

public sealed class PreambleTests : IAsyncLifetime
{
    private readonly CountingMemoryPool _pool = new();
    private readonly ManualTimeProvider _time = new();
    private readonly LogRecorder _log = new();
    private TcpTransport _transport = null!;
    private IClusterListener _listener = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true, Pool = _pool, MaxHalfOpen = 4 }, _log, _time);
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
        var key = ConnectionKey.Read([.. Enumerable.Range(0, ConnectionKey.Size).Select(i => (byte)i)]);
        Assert.Equal(Documentation.Bytes("preamble"), RawClient.Join(key, 2, ChannelPurpose.Audio));
        var answer = new byte[PreambleAnswer.Size + ConnectionKey.Size];
        new PreambleAnswer(2, Answer.Accepted).Write(answer);
        key.Write(answer.AsSpan(PreambleAnswer.Size));
        Assert.Equal(Documentation.Bytes("answer"), answer);
    }

    [Fact]
    public void A_preamble_is_read_as_it_was_written()
    {
        var preamble = new Preamble(2, 5, Guid.NewGuid(), 0x01020304, 0x05060708);
        Assert.Equal(preamble, Preamble.Read(RawClient.Bytes(preamble)));
    }

    public static TheoryData<string, byte[], byte?, string> Refusals => new()
    {
        { "garbage", [.. Enumerable.Range(0, 48).Select(i => (byte)(i * 7))], null, "does not speak this protocol" },
        { "http", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), null, "does not speak this protocol" },
        { "an early end", "LPHL"u8.ToArray(), null, "ended before it said" },
        { "a late end", RawClient.Control()[..47], null, "ended before it said" },
        { "an older version, whatever its size", RawClient.Bytes(new Preamble(1, 1, Guid.Empty, 0, 0))[..32], 1, "version" },
        { "a newer version", RawClient.Bytes(new Preamble(3, 1, Guid.Empty, 0, 0)), 1, "version" },
        { "an unknown connection", RawClient.Join(ConnectionKey.Create(), 1), 2, "no open connection" },
        { "no connection", RawClient.Bytes(new Preamble(2, 0, Guid.Empty, 0, 1)), 2, "no open connection" },
        { "control with a connection", RawClient.Bytes(new Preamble(2, 1, Guid.NewGuid(), 0, 0)), 3, "does not fit" },
        { "control with a request", RawClient.Bytes(new Preamble(2, 1, Guid.Empty, 1, 0)), 3, "does not fit" },
        { "control with a number", RawClient.Bytes(new Preamble(2, 1, Guid.Empty, 0, 1)), 3, "does not fit" },
        { "control with a ticket", [.. RawClient.Control()[..47], 1], 3, "does not fit" },
        { "an unknown purpose", RawClient.Bytes(new Preamble(2, 8, Guid.Empty, 0, 1)), 3, "does not fit" },
        { "a reserved byte", [.. RawClient.Control()[..7], 1, .. RawClient.Control()[8..]], 3, "does not fit" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task What_is_no_preamble_is_refused_by_name_and_the_listener_goes_on(string what, byte[] bytes, byte? answer, string named)
    {
        _ = what;
        using (var client = await RawClient.ConnectAsync(_listener.LocalEndPoint))
        {
            await client.SendAsync(bytes);
            client.Socket.Shutdown(SocketShutdown.Send);
            var heard = await client.ReadToEndAsync();
            Assert.Equal(answer is { } code ? (8, code) : (0, (byte)0), (heard.Length, heard.Length > 5 ? heard[5] : (byte)0));
        }

        await _log.SawAsync(3001, named);
        await ConnectAsync();
    }

    [Fact]
    public async Task A_request_number_nobody_waits_for_is_refused()
    {
        using var control = await RawClient.ConnectAsync(_listener.LocalEndPoint);
        var key = await control.OpenControlAsync();
        await using var accepted = (await Wait.For(_listener.AcceptAsync(Token)))!;
        using var late = await RawClient.ConnectAsync(_listener.LocalEndPoint);
        Assert.Equal(Answer.BadRequest, await late.AskAsync(RawClient.Join(key, 1, ChannelPurpose.Audio, request: 5)));
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
            Assert.Equal(48, await Wait.For(peer.ReceiveAsync(heard, Token)));
            Assert.False(connecting.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(TransportError.Unreachable, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(connecting))).Error);
        }

        connecting = _transport.ConnectAsync(uri, Token).AsTask();
        using (var peer = await Wait.For(server.AcceptAsync(Token)))
        {
            Assert.Equal(48, await Wait.For(peer.ReceiveAsync(new byte[64], Token)));
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
