using System.Net.Security;
using System.Security.Authentication;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Tests;

/// <summary>Who dials learns what is wrong, as far as it can be known, and never falls back to plain bytes.</summary>
public sealed class TlsDialerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("expired", "the peer's certificate has expired")]
    [InlineData("not yet valid", "the peer's certificate is not valid yet")]
    [InlineData("RSA", "the peer's key is not ECDSA P-256")]
    [InlineData("P-384", "the peer's key is not ECDSA P-256")]
    public async Task A_server_without_a_sound_certificate_is_refused_by_name(string which, string named)
    {
        using var server = new RawServer();
        using var certificate = Certificates.Named(which)!;
        var serving = server.AcceptAsync(certificate);
        await FailsAsync(server, TransportError.ProtocolViolation, named);
        await EndsAsync(serving);
    }

    [Fact]
    public async Task A_server_of_an_older_TLS_is_a_protocol_violation()
    {
        using var server = new RawServer();
        using var certificate = Certificates.Sound();
#pragma warning disable CA5398 // An old server is what is tested.
        var serving = server.AcceptAsync(certificate, options => options.EnabledSslProtocols = SslProtocols.Tls12);
#pragma warning restore CA5398
        await FailsAsync(server, TransportError.ProtocolViolation, "it does not speak TLS as this node does");
        await EndsAsync(serving);
    }

    [Fact]
    public async Task A_server_that_names_no_application_protocol_is_a_protocol_violation()
    {
        using var server = new RawServer();
        using var certificate = Certificates.Sound();
        var serving = server.AcceptAsync(certificate, options => options.ApplicationProtocols = null);
        await FailsAsync(server, TransportError.ProtocolViolation, "it does not name the application protocol loophole/1");
        await EndsAsync(serving);
    }

    [Fact]
    public async Task A_plain_server_hears_no_preamble_and_is_a_protocol_violation()
    {
        using var server = new RawServer();
        var connecting = FailsAsync(server, TransportError.ProtocolViolation, "it does not speak TLS");
        await using var peer = await server.AcceptAsync();
        await Wait.For(peer.WriteAsync("LPHL and so on"u8.ToArray(), Token));
        var heard = new byte[1];
        Assert.Equal(1, await Wait.For(peer.ReadAsync(heard, Token)));
        Assert.Equal(22, heard[0]);
        await connecting;
    }

    [Fact]
    public async Task A_plain_listener_refuses_this_side()
    {
        await using var house = await House.OpenAsync(Security.Plain);
        await using var transport = TestNode.Create(Security.Tls);
        var failure = await Assert.ThrowsAsync<TransportException>(() => Wait.For(transport.ConnectAsync(house.EndPoint, Token)));
        Assert.Equal(TransportError.Refused, failure.Error);
        Assert.Contains("it ended within the TLS handshake", failure.Message, StringComparison.Ordinal);
        await house.StandsAsync();
    }

    [Fact]
    public async Task A_plain_client_is_refused_by_a_listener_under_TLS()
    {
        await using var house = await House.OpenAsync(Security.Tls);
        await using var transport = TestNode.Create(Security.Plain);
        var failure = await Assert.ThrowsAsync<TransportException>(() => Wait.For(transport.ConnectAsync(house.EndPoint, Token)));
        Assert.Equal(TransportError.Refused, failure.Error);
        Assert.Contains("maybe it speaks TLS only", failure.Message, StringComparison.Ordinal);
        await house.StandsAsync();
    }

    [Fact]
    public async Task A_server_that_refuses_this_nodes_certificate_is_told_from_one_that_is_gone()
    {
        using var server = new RawServer();
        using var certificate = Certificates.Sound();
        var serving = server.AcceptAsync(certificate, options => options.RemoteCertificateValidationCallback = (_, _, _, errors) => errors < 0);
        await FailsAsync(server, TransportError.Refused, "most likely it refuses this node's certificate");
        await Assert.ThrowsAsync<AuthenticationException>(() => serving);
    }

    [Fact]
    public async Task A_second_socket_with_another_certificate_is_refused_before_anything_is_said_on_it()
    {
        using var server = new RawServer();
        using var first = Certificates.Sound();
        using var second = Certificates.Sound();
        var connecting = FailsAsync(server, TransportError.ProtocolViolation, "another certificate than on its control channel");
        await using var control = await server.AcceptAsync(first);
        await RawServer.WelcomeAsync(control);
        await EndsAsync(server.AcceptAsync(second));
        await connecting;
    }

    [Fact]
    public async Task A_server_that_is_silent_in_the_handshake_is_unreachable()
    {
        using var server = new RawServer();
        var time = new ManualTimeProvider();
        await using var transport = new TcpTransport(new TcpTransportOptions { Credentials = TestNode.Credentials }, null, time);
        var connecting = transport.ConnectAsync(server.EndPoint, Token).AsTask();
        await using var peer = await server.AcceptAsync();
        Assert.Equal(1, await Wait.For(peer.ReadAsync(new byte[1], Token)));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TransportError.Unreachable, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(connecting))).Error);
    }

    private static async Task FailsAsync(RawServer server, TransportError error, string named)
    {
        await using var transport = TestNode.Create(Security.Tls);
        var failure = await Assert.ThrowsAsync<TransportException>(() => Wait.For(transport.ConnectAsync(server.EndPoint, Token)));
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Equal(error, failure.Error);
    }

    /// <summary>Awaits a server's handshake, whichever way it ends, and hears that nothing is said after it.</summary>
    private static async Task EndsAsync(Task<SslStream> serving)
    {
        try
        {
            await using var stream = await Wait.For(serving);
            Assert.Equal(0, await Wait.For(stream.ReadAsync(new byte[100], Token)));
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // The client has ended it.
        }
    }
}
