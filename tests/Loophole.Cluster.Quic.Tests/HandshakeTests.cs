using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Quic.Wire;
using Loophole.Cluster.Transports;

#pragma warning disable CA1416 // Tests that use QUIC ask for it first.

namespace Loophole.Cluster.Quic.Tests;

/// <summary>Clients and servers that do not even get through the handshake, or do not speak QUIC at all.</summary>
public sealed class HandshakeTests : HostileStage
{
    [Fact]
    public async Task Both_ends_know_who_the_other_is()
    {
        using var other = NodeCredentials.Create("other", Time);
        await using var transport = NewTransport(other);
        var connecting = transport.ConnectAsync(Listener.LocalEndPoint, Token).AsTask();
        await using var far = (await Wait.For(Listener.AcceptAsync(Token)))!;
        await using var near = await Wait.For(connecting);
        Assert.Equal((Credentials.Fingerprint, other.Fingerprint), (near.RemoteFingerprint, far.RemoteFingerprint));
        Assert.Equal((TransportSecurity.MutualTls, TransportSecurity.MutualTls), (near.Security, far.Security));
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_by_name_on_either_side()
    {
        using var old = NodeCredentials.Create("old", new Earlier(Time, years: 11));
        await using var transport = NewTransport(old);
        var asClient = await Assert.ThrowsAsync<TransportException>(() => Wait.For(transport.ConnectAsync(Listener.LocalEndPoint, Token)));
        Assert.Equal(TransportError.Refused, asClient.Error);
        await Wait.Until(() => Log.Has("the peer's certificate has expired"));

        await using var listener = await transport.ListenAsync(Quic.Anywhere, Token);
        var asServer = await Assert.ThrowsAsync<TransportException>(() => Wait.For(Transport.ConnectAsync(listener.LocalEndPoint, Token)));
        Assert.Equal(TransportError.ProtocolViolation, asServer.Error);
        Assert.Contains("the peer's certificate has expired", asServer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_certificate_is_refused_by_name()
    {
        await Refuses(options => options.ClientCertificateContext = null);
        await Wait.Until(() => Log.Has("the peer presented no certificate"));
    }

    [Fact]
    public async Task A_key_of_another_kind_is_refused_by_name()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=rsa", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(Time.GetUtcNow().AddDays(-1), Time.GetUtcNow().AddDays(1));
        await Refuses(options => options.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true));
        await Wait.Until(() => Log.Has("the peer's key is not ECDSA P-256"));
    }

    [Fact]
    public async Task Another_application_protocol_is_refused()
    {
        await Assert.ThrowsAnyAsync<AuthenticationException>(
            () => RawPeer.DialAsync(Listener.LocalEndPoint, Credentials, Time, options => options.ApplicationProtocols = [new("h3")]));
    }

    [Fact]
    public async Task Noise_at_the_port_disturbs_nobody()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPAddress.Loopback, Listener.LocalEndPoint.Port, Token);
        for (var i = 0; i < 5000; i++)
        {
            var bytes = new byte[random.Next(1, 1400)];
            random.NextBytes(bytes);

            // Half of them look like the first packet of a connection, version 1 or one that nobody knows.
            if (i % 2 == 0 && bytes.Length > 30)
            {
                bytes[0] = (byte)(0xC0 | random.Next(16));
                (bytes[1], bytes[2], bytes[3], bytes[4]) = (0, 0, 0, (byte)random.Next(3));
                (bytes[5], bytes[14]) = (8, 8);
            }

            await socket.SendAsync(bytes, Token);
        }

        // The stage looks at the connection made before, and makes another.
        Assert.False(Log.Has("failed and goes on"), $"seed {Seed}");
    }

    [Fact]
    public async Task Servers_of_another_kind_are_a_protocol_violation_and_silent_ones_unreachable()
    {
        await using var server = await QuicListener.ListenAsync(
            new QuicListenerOptions
            {
                ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                ApplicationProtocols = [NodeCredentials.ApplicationProtocol],
                ConnectionOptionsCallback = (_, _, _) => new ValueTask<QuicServerConnectionOptions>(new QuicServerConnectionOptions
                {
                    DefaultCloseErrorCode = 77,
                    DefaultStreamErrorCode = 77,
                    MaxInboundBidirectionalStreams = 8,
                    ServerAuthenticationOptions = Credentials.ServerOptions(new PeerCertificateCheck(Time)),
                }),
            },
            Token);
        var uri = new Uri($"quic://{server.LocalEndPoint}");

        var connecting = Transport.ConnectAsync(uri, Token).AsTask();
        await using (var peer = await Wait.For(server.AcceptConnectionAsync(Token)))
        {
            await using var stream = await Wait.For(peer.AcceptInboundStreamAsync(Token));
            await Wait.For(stream.WriteAsync("SSH-2.0-OpenSSH_9.6 and so on"u8.ToArray(), Token));
            Assert.Equal(TransportError.ProtocolViolation, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(connecting))).Error);
        }

        connecting = Transport.ConnectAsync(uri, Token).AsTask();
        await using (var peer = await Wait.For(server.AcceptConnectionAsync(Token)))
        {
            await using var stream = await Wait.For(peer.AcceptInboundStreamAsync(Token));
            Assert.Equal(new Hello(1).ToArray(), await RawPeer.HearAsync(stream));
            Assert.False(connecting.IsCompleted);
            Time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(TransportError.Unreachable, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(connecting))).Error);
        }

        foreach (var (code, error) in ((CloseCode, TransportError)[])[
            (CloseCode.Busy, TransportError.Refused), (CloseCode.UnknownVersion, TransportError.ProtocolViolation), (CloseCode.Aborted, TransportError.PeerReset),
            (CloseCode.BadHello, TransportError.Refused), (CloseCode.NoHello, TransportError.Refused), ((CloseCode)4711, TransportError.PeerReset)])
        {
            connecting = Transport.ConnectAsync(uri, Token).AsTask();
            await using var peer = await Wait.For(server.AcceptConnectionAsync(Token));
            await using var stream = await Wait.For(peer.AcceptInboundStreamAsync(Token));
            await RawPeer.HearAsync(stream);
            await Wait.For(peer.CloseAsync((long)code, Token));
            Assert.Equal(error, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(connecting))).Error);
        }
    }

    [Fact]
    public async Task A_peer_that_falls_silent_is_a_reset()
    {
        await using var transport = new QuicTransport(
            new QuicTransportOptions { Credentials = Credentials, IdleTimeout = TimeSpan.FromSeconds(1), KeepAliveInterval = TimeSpan.FromMinutes(5) }, Log, Time);
        var connecting = transport.ConnectAsync(Listener.LocalEndPoint, Token).AsTask();
        await using var far = (await Wait.For(Listener.AcceptAsync(Token)))!;
        await using var near = await Wait.For(connecting);

        // Only the listening side asks for signs of life, and only every five seconds.
        await Wait.For(near.Closed);
        Assert.Equal(TransportError.PeerReset, (await Assert.ThrowsAsync<TransportException>(() => near.Control.Input.ReadAsync(Token).AsTask())).Error);
        await Wait.For(far.Closed);
    }

    [Theory]
    [InlineData("quic://127.0.0.1", "not a quic://host:port")]
    [InlineData("tcp://127.0.0.1:80", "not a quic://host:port")]
    [InlineData("quic://example.com:80", "not a name")]
    public async Task An_endpoint_that_is_none_is_named(string uri, string named)
    {
        var refused = await Assert.ThrowsAsync<TransportException>(() => Transport.ListenAsync(new Uri(uri), Token).AsTask());
        Assert.Equal(TransportError.BadEndPoint, refused.Error);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("quic://localhost:0")]
    [InlineData("quic://[::1]:0")]
    public async Task Localhost_and_both_families_work(string uri)
    {
        Assert.SkipWhen(uri.Contains("::1", StringComparison.Ordinal) && !Socket.OSSupportsIPv6, "The machine has no IPv6.");
        await using var listener = await Transport.ListenAsync(new Uri(uri), Token);
        await using var connection = await Wait.For(Transport.ConnectAsync(listener.LocalEndPoint, Token));
    }

    /// <summary>A client hears of the refusal only after its own part of the handshake is done.</summary>
    private async Task Refuses(Action<SslClientAuthenticationOptions> change)
    {
        await Assert.ThrowsAnyAsync<AuthenticationException>(async () =>
        {
            await using var raw = await RawPeer.DialAsync(Listener.LocalEndPoint, Credentials, Time, change);
            await Wait.For(raw.AcceptInboundStreamAsync(Token));
        });
    }

    private sealed class Earlier(TimeProvider time, int years) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow().AddYears(-years);
    }
}
