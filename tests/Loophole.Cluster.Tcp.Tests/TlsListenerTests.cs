using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Tests.Support;

namespace Loophole.Cluster.Tcp.Tests;

/// <summary>Whatever comes to a listener under TLS is let in or refused by name, and nobody else notices.</summary>
public sealed class TlsListenerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("none", "the peer presented no certificate")]
    [InlineData("expired", "the peer's certificate has expired")]
    [InlineData("not yet valid", "the peer's certificate is not valid yet")]
    [InlineData("RSA", "the peer's key is not ECDSA P-256")]
    [InlineData("P-384", "the peer's key is not ECDSA P-256")]
    public async Task A_client_without_a_sound_certificate_is_refused_by_name(string which, string named)
    {
        await using var house = await House.OpenAsync(Security.Tls);
        using var certificate = Certificates.Named(which);
        using (var client = await RawClient.ConnectAsync(house.EndPoint))
        {
            try
            {
                await client.SecureAsync(certificate);
                await client.SendAsync(RawClient.Control());
                Assert.Empty(await client.ReadToEndAsync());
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException)
            {
                // The refusal may come within the handshake or after it.
            }
        }

        await house.Log.SawAsync(3001, named);
        await house.StandsAsync();
    }

    [Theory]
    [InlineData("TLS 1.2", "it does not speak TLS as this node does", "unsupported protocol")]
    [InlineData("another protocol", "it does not speak TLS as this node does", "no application protocol")]
    [InlineData("no protocol", "it does not name the application protocol loophole/1", "")]
    public async Task A_client_of_another_kind_of_TLS_is_refused_by_name(string which, string named, string detailOnLinux)
    {
        await using var house = await House.OpenAsync(Security.Tls);
        using var certificate = Certificates.Sound();
        using (var client = await RawClient.ConnectAsync(house.EndPoint))
        {
            try
            {
                await client.SecureAsync(certificate, options =>
                {
#pragma warning disable CA5398 // An old client is what is tested.
                    options.EnabledSslProtocols = which == "TLS 1.2" ? SslProtocols.Tls12 : SslProtocols.Tls13;
#pragma warning restore CA5398
                    options.ApplicationProtocols = which == "another protocol" ? [SslApplicationProtocol.Http2]
                        : which == "no protocol" ? null
                        : [NodeCredentials.ApplicationProtocol];
                });
                await client.SendAsync(RawClient.Control());
                Assert.Empty(await client.ReadToEndAsync());
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException)
            {
                // The refusal may come within the handshake or after it.
            }
        }

        await house.Log.SawAsync(3001, named);
        if (OperatingSystem.IsLinux())
        {
            await house.Log.SawAsync(3001, detailOnLinux);
        }

        await house.StandsAsync();
    }

    public static TheoryData<string, byte[], string> NoTls => new()
    {
        { "a plain preamble", RawClient.Control(), "what it says is no TLS" },
        { "http", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), "what it says is no TLS" },
        { "a hello of SSL 2, not all of it", [0x80, 0x80, 1, 3, 1, 0, 0, 0, 0], "what it says is no TLS" },
        { "zeros", new byte[100_000], "what it says is no TLS" },
        { "a record of rubbish", [22, 3, 1, 0x40, 0, .. new byte[100_000]], "it does not speak TLS as this node does" },
        { "a record longer than any", [22, 3, 1, 0xFF, 0xFF, .. new byte[100_000]], "it does not speak TLS as this node does" },
        { "data before a handshake", [23, 3, 3, 0, 1, 0], "what it says is no TLS" },
        { "an alert at once", [21, 3, 3, 0, 2, 2, 40], "it does not speak TLS as this node does" },
    };

    [Theory, MemberData(nameof(NoTls))]
    public async Task What_is_no_TLS_is_refused_at_once_and_nothing_plain_is_ever_answered(string what, byte[] bytes, string named)
    {
        _ = what;
        await using var house = await House.OpenAsync(Security.Tls);
        using (var client = await RawClient.ConnectAsync(house.EndPoint))
        {
            try
            {
                await client.SendAsync(bytes);
            }
            catch (IOException)
            {
                // It is refused before it has said all of it.
            }

            // At most an alert.
            var heard = await client.ReadToEndAsync();
            Assert.True(heard.Length == 0 || heard[0] == 21, Convert.ToHexString(heard));
        }

        await house.Log.SawAsync(3001, named);
        await house.StandsAsync();
    }

    [Fact]
    public async Task TLS_at_a_plain_listener_is_refused_by_name()
    {
        await using var house = await House.OpenAsync(Security.Plain);
        using (var client = await RawClient.ConnectAsync(house.EndPoint))
        {
            using var certificate = Certificates.Sound();
            await Assert.ThrowsAnyAsync<IOException>(() => client.SecureAsync(certificate));
        }

        await house.Log.SawAsync(3001, "it speaks TLS, and this listener does not");
        await house.StandsAsync();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_handshake_cut_off_anywhere_costs_nothing(bool isReset)
    {
        var hello = await RecordHelloAsync();
        // Where a connection stands, a cut-off is noticed a few milliseconds late, and here comes one after the other.
        await using var house = await House.OpenAsync(Security.Tls, maxHalfOpen: 1024);
        for (var length = 0; length < hello.Length; length++)
        {
            using var client = await RawClient.ConnectAsync(house.EndPoint);
            await client.SendAsync(hello[..length]);
            if (isReset)
            {
                client.Socket.LingerState = new LingerOption(true, 0);
            }
            else
            {
                client.Socket.Shutdown(SocketShutdown.Send);
                Assert.Empty(await client.ReadToEndAsync());
            }
        }

        await Wait.Until(() => house.Log.Events.Count(e => e.Id == 3001) == hello.Length);
        Assert.All(house.Log.Events.Where(e => e.Id == 3001), e => Assert.Contains("it ended within the TLS handshake", e.Text, StringComparison.Ordinal));
        await house.StandsAsync();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Slow_clients_cost_a_half_open_place_each_and_no_more(bool isAfterHandshake)
    {
        const int Places = 4;
        var time = new ManualTimeProvider();
        time.Advance(DateTimeOffset.UtcNow - time.GetUtcNow());
        await using var house = await House.OpenAsync(Security.Tls, Places, time);
        var hello = await RecordHelloAsync();
        using var certificate = Certificates.Sound();
        var slow = new List<RawClient>();
        for (var i = 0; i < 5 * Places; i++)
        {
            slow.Add(isAfterHandshake ? await RawClient.ConnectAsync(house.EndPoint, certificate) : await RawClient.ConnectAsync(house.EndPoint));
            await slow[^1].SendAsync(isAfterHandshake ? RawClient.Control()[..20] : hello[..20]);
            Assert.InRange(house.Listener.HalfOpen, 0, Places);
        }

        await Wait.Until(() => house.Log.Events.Count(e => e.Id == 3001 && e.Text.Contains("it was the first of them", StringComparison.Ordinal)) == 4 * Places);
        var (near, far) = await house.ConnectAsync();
        await near.DisposeAsync();
        await far.DisposeAsync();

        time.Advance(TimeSpan.FromSeconds(5));
        await Wait.Until(() => house.Listener.HalfOpen == 0);
        await house.Log.SawAsync(3001, "it did not say in time what it wants");
        foreach (var client in slow)
        {
            Assert.Empty(await client.ReadToEndAsync());
            client.Dispose();
        }

        await house.StandsAsync();
    }

    /// <summary>What an honest client says first.</summary>
    private static async Task<byte[]> RecordHelloAsync()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        using var client = await RawClient.ConnectAsync(new Uri($"tcp://{server.LocalEndPoint}"));
        using var certificate = Certificates.Sound();
        var securing = client.SecureAsync(certificate);
        byte[] hello;
        using (var peer = new NetworkStream(await Wait.For(server.AcceptAsync(Token)), ownsSocket: true))
        {
            var head = new byte[5];
            await Wait.For(peer.ReadExactlyAsync(head, Token));
            var rest = new byte[(head[3] << 8) | head[4]];
            await Wait.For(peer.ReadExactlyAsync(rest, Token));
            hello = [.. head, .. rest];
        }

        await Assert.ThrowsAnyAsync<IOException>(() => securing);
        return hello;
    }
}
