using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Sockets;
using Loophole.Cluster.Tcp.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Tests;

/// <summary>Where a transport listens and connects, and how long it tries.</summary>
public sealed class EndPointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false, "Set Credentials for TLS, or InsecureLoopback")]
    [InlineData(true, true, "both set")]
    public void Credentials_and_insecure_loopback_exclude_each_other(bool hasCredentials, bool isInsecure, string named)
    {
        var options = new TcpTransportOptions { Credentials = hasCredentials ? TestNode.Credentials : null, InsecureLoopback = isInsecure };
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => new TcpTransport(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://[::]:0", "127.0.0.1")]
    [InlineData("tcp://[::]:0", "[::1]")]
    [InlineData("tcp://[::]:0", "localhost")]
    [InlineData("tcp://0.0.0.0:0", "127.0.0.1")]
    [InlineData("tcp://0.0.0.0:0", "localhost")]
    [InlineData("tcp://[::1]:0", "localhost")]
    [InlineData("tcp://localhost:0", "localhost")]
    public async Task Under_TLS_a_listener_may_be_anywhere_and_every_address_of_a_name_is_tried(string local, string host)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 || !$"{local}{host}".Contains("::", StringComparison.Ordinal), "The machine has no IPv6.");
        await using var transport = TestNode.Create(Security.Tls);
        await using var listener = await transport.ListenAsync(new Uri(local), Token);
        await using var near = await Wait.For(transport.ConnectAsync(new Uri($"tcp://{host}:{listener.LocalEndPoint.Port}"), Token));
        await using var far = (await Wait.For(listener.AcceptAsync(Token)))!;
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(far.RemoteEndPoint.DnsSafeHost)), $"{far.RemoteEndPoint}");
        Assert.DoesNotContain("ffff", far.RemoteEndPoint.Host, StringComparison.Ordinal);
        await using var channel = await Wait.For(near.OpenChannelAsync(ChannelPurpose.State, Token));
    }

    [Fact]
    public async Task An_address_that_swallows_everything_leaves_the_others_their_share_of_the_time()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 && OperatingSystem.IsLinux(), "Only Linux drops what does not fit into a full queue.");
        using var hole = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        hole.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        hole.Listen(0);
        var port = ((IPEndPoint)hole.LocalEndPoint!).Port;
        var fillers = Enumerable.Range(0, 8).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToArray();
        var filling = fillers.Select(filler => filler.ConnectAsync(IPAddress.Loopback, port, Token).AsTask()).ToArray();
        await Wait.For(Task.WhenAny(filling));

        var time = new ManualTimeProvider();
        await using var server = TestNode.Create(Security.Plain);
        await using var listener = await server.ListenAsync(new Uri($"tcp://[::1]:{port}"), Token);
        await using var transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true, ConnectTimeout = TimeSpan.FromSeconds(8) }, null, time);
        var connecting = transport.ConnectAsync(new Uri($"tcp://localhost:{port}"), Token).AsTask();
        await Wait.Until(() => time.ArmedTimers == 2);
        time.Advance(TimeSpan.FromSeconds(4));
        await using var near = await Wait.For(connecting);
        Assert.NotNull(await Wait.For(listener.AcceptAsync(Token)));
        foreach (var filler in fillers)
        {
            filler.Dispose();
        }
    }

    [Fact]
    public async Task The_name_of_this_machine_is_looked_up()
    {
        var name = Dns.GetHostName();
        try
        {
            await Dns.GetHostAddressesAsync(name, Token);
        }
        catch (SocketException)
        {
            Assert.Skip("Nobody knows this machine by name.");
        }

        await using var transport = TestNode.Create(Security.Tls);
        await using var listener = await transport.ListenAsync(new Uri($"tcp://{name}:0"), Token);
        await using var near = await Wait.For(transport.ConnectAsync(new Uri($"tcp://{name}:{listener.LocalEndPoint.Port}"), Token));
        Assert.NotNull(near.RemoteFingerprint);
    }

    [Fact]
    public async Task A_name_that_means_nothing_is_unreachable_and_no_place_to_listen_at()
    {
        await using var transport = new TcpTransport(new TcpTransportOptions { Credentials = TestNode.Credentials, ConnectTimeout = TimeSpan.FromSeconds(2) });
        var nowhere = new Uri("tcp://nobody.invalid:9");
        Assert.Equal(TransportError.Unreachable, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(transport.ConnectAsync(nowhere, Token)))).Error);
        Assert.Equal(TransportError.BadEndPoint, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(transport.ListenAsync(nowhere, Token)))).Error);
    }

    [Fact]
    public async Task Connecting_is_tried_again_at_growing_intervals_until_the_time_is_up()
    {
        var time = new ManualTimeProvider();
        var log = new LogRecorder();
        await using var transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true, ConnectRetry = TimeSpan.FromSeconds(4) }, log, time);
        var connecting = transport.ConnectAsync(FreeEndPoint(), Token).AsTask();
        var start = time.GetTimestamp();
        int[] pauses = [50, 100, 200, 400, 800, 1000, 1000];
        for (var i = 0; i < pauses.Length; i++)
        {
            var pause = TimeSpan.FromMilliseconds(pauses[i]);
            await Wait.Until(() => log.Events.Count(e => e.Id == 3005) == i + 1);
            Assert.Contains($"in {pause}", log.Events.Last(e => e.Id == 3005).Text, StringComparison.Ordinal);
            await Wait.Until(() => time.ArmedTimers == 1);
            time.Advance(pause - TimeSpan.FromTicks(1));
            Assert.False(connecting.IsCompleted);
            time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.Equal(TransportError.Unreachable, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(connecting))).Error);
        Assert.Equal(TimeSpan.FromMilliseconds(pauses.Sum()), time.GetElapsedTime(start));
    }

    [Fact]
    public async Task Connecting_succeeds_once_somebody_listens_and_stops_when_cancelled()
    {
        var time = new ManualTimeProvider();
        var log = new LogRecorder();
        await using var server = TestNode.Create(Security.Plain);
        await using var transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true, ConnectRetry = TimeSpan.FromSeconds(5) }, log, time);
        var endPoint = FreeEndPoint();
        var connecting = transport.ConnectAsync(endPoint, Token).AsTask();
        await Wait.Until(() => log.Events.Any(e => e.Id == 3005) && time.ArmedTimers == 1);
        await using (var listener = await server.ListenAsync(endPoint, Token))
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await using var near = await Wait.For(connecting);
        }

        using var own = new CancellationTokenSource();
        connecting = transport.ConnectAsync(endPoint, own.Token).AsTask();
        await Wait.Until(() => log.Events.Count(e => e.Id == 3005) == 2);
        await own.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait.For(connecting));
    }

    [Fact]
    public async Task Without_retry_there_is_one_attempt()
    {
        var log = new LogRecorder();
        await using var transport = new TcpTransport(new TcpTransportOptions { InsecureLoopback = true }, log);
        Assert.Equal(TransportError.Unreachable, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(transport.ConnectAsync(FreeEndPoint(), Token)))).Error);
        Assert.DoesNotContain(log.Events, e => e.Id == 3005);
    }

    [Fact]
    public void The_control_socket_alone_has_a_bound_on_what_stays_unacknowledged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can be told.");
        var settings = new TcpSettings(new TcpTransportOptions { InsecureLoopback = true, UnacknowledgedTimeout = TimeSpan.FromSeconds(7) }, null, null);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        settings.Configure(socket);
        Assert.Equal(0, UserTimeoutOf(socket));
        settings.ConfigureControl(socket);
        Assert.Equal(7000, UserTimeoutOf(socket));
    }

    private static int UserTimeoutOf(Socket socket)
    {
        var bytes = new byte[4];
        socket.GetRawSocketOption(6, 18, bytes);
        return MemoryMarshal.Read<int>(bytes);
    }

    /// <summary>Where nobody listens.</summary>
    private static Uri FreeEndPoint()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new Uri($"tcp://{socket.LocalEndPoint}");
    }
}
