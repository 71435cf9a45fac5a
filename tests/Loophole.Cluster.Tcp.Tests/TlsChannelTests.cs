using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Tests.Support;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Tests;

/// <summary>What TLS adds to channels: who is there, and ends that nobody can forge.</summary>
public sealed class TlsChannelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_sides_know_who_the_other_is_and_say_so()
    {
        using var other = NodeCredentials.Create("another node");
        var log = new LogRecorder();
        await using var house = await House.OpenAsync(Security.Tls);
        await using var transport = new TcpTransport(new TcpTransportOptions { Credentials = other }, log);
        var accepting = house.Listener.AcceptAsync(Token).AsTask();
        await using (var near = await Wait.For(transport.ConnectAsync(house.EndPoint, Token)))
        await using (var far = (await Wait.For(accepting))!)
        {
            Assert.Equal((TransportSecurity.MutualTls, TransportSecurity.MutualTls), (transport.Security, near.Security));
            Assert.Equal(TransportSecurity.MutualTls, far.Security);
            Assert.Equal(TestNode.Credentials.Fingerprint, near.RemoteFingerprint);
            Assert.Equal(other.Fingerprint, far.RemoteFingerprint);
            await log.SawAsync(3004, $"MutualTls, peer {TestNode.Credentials.Fingerprint.Hex[..12]}");
            await house.Log.SawAsync(3004, $"MutualTls, peer {other.Fingerprint.Hex[..12]}");
        }

        await house.StandsAsync();
    }

    [Fact]
    public async Task A_plain_connection_names_nobody()
    {
        await using var house = await House.OpenAsync(Security.Plain);
        var (near, far) = await house.ConnectAsync();
        Assert.Equal((TransportSecurity.SameMachine, TransportSecurity.SameMachine), (near.Security, far.Security));
        Assert.Null(near.RemoteFingerprint);
        Assert.Null(far.RemoteFingerprint);
        await house.Log.SawAsync(3004, "SameMachine, peer unknown");
        await near.DisposeAsync();
        await far.DisposeAsync();
    }

    [Fact]
    public async Task An_end_without_close_notify_is_a_reset_and_no_end()
    {
        await using var house = await House.OpenAsync(Security.Tls);
        using var certificate = Certificates.Sound();
        using var client = await RawClient.ConnectAsync(house.EndPoint, certificate);
        await client.OpenControlAsync();
        await using var accepted = (await Wait.For(house.Listener.AcceptAsync(Token)))!;
        await client.SendAsync("cut off he"u8.ToArray());
        Assert.Equal("cut off he"u8.ToArray(), await ReadAsync(accepted.Control, 10));
        var reading = accepted.Control.Input.ReadAsync(Token).AsTask();
        client.Socket.Shutdown(SocketShutdown.Send);
        var lost = await Assert.ThrowsAsync<TransportException>(() => Wait.For(reading));
        Assert.Equal(TransportError.PeerReset, lost.Error);
        Assert.Contains("before its TLS session did", lost.Message, StringComparison.Ordinal);
        await Wait.For(accepted.Closed);
        await house.StandsAsync();
    }

    [Fact]
    public async Task Close_notify_is_an_end_even_before_the_socket_ends()
    {
        await using var house = await House.OpenAsync(Security.Tls);
        using var certificate = Certificates.Sound();
        using var client = await RawClient.ConnectAsync(house.EndPoint, certificate);
        await client.OpenControlAsync();
        await using var accepted = (await Wait.For(house.Listener.AcceptAsync(Token)))!;
        await client.SendAsync("all of it"u8.ToArray());
        await Wait.For(((SslStream)client.Stream).ShutdownAsync());
        Assert.Equal("all of it"u8.ToArray(), await ReadToEndAsync(accepted.Control));
        client.Socket.Shutdown(SocketShutdown.Send);
        await Wait.For(accepted.DisposeAsync());
        await house.StandsAsync();
    }

    [Fact]
    public async Task Bytes_that_are_no_TLS_end_the_connection_as_a_violation()
    {
        await using var house = await House.OpenAsync(Security.Tls);
        using var certificate = Certificates.Sound();
        using var client = await RawClient.ConnectAsync(house.EndPoint, certificate);
        await client.OpenControlAsync();
        await using var accepted = (await Wait.For(house.Listener.AcceptAsync(Token)))!;
        var reading = accepted.Control.Input.ReadAsync(Token).AsTask();
        await client.Socket.SendAsync((byte[])[23, 3, 3, 0, 32, .. new byte[32]], Token);
        Assert.Equal(TransportError.ProtocolViolation, (await Assert.ThrowsAsync<TransportException>(() => Wait.For(reading))).Error);
        await house.StandsAsync();
    }

    [Theory, InlineData(Security.Plain), InlineData(Security.Tls)]
    public async Task A_completed_side_leaves_the_other_open(Security security)
    {
        await using var house = await House.OpenAsync(security);
        var (near, far) = await house.ConnectAsync();
        foreach (var (opener, accepter) in ((IClusterConnection, IClusterConnection)[])[(near, far), (far, near)])
        {
            // The reader is busy while the writer ends, in one direction and then the other.
            var accepting = accepter.AcceptChannelAsync(Token).AsTask();
            await using var here = await Wait.For(opener.OpenChannelAsync(ChannelPurpose.Media, Token));
            await using var there = (await Wait.For(accepting))!;
            var bytes = new byte[3_000_000];
            new Random(8).NextBytes(bytes);
            var writing = there.Output.WriteAsync(bytes, Token).AsTask();
            var early = await ReadAsync(here, 100_000);
            await here.Output.WriteAsync("last words"u8.ToArray(), Token);
            await here.Output.CompleteAsync();
            var late = await ReadAsync(here, bytes.Length - early.Length);
            Assert.Equal(bytes, early.Concat(late).ToArray());
            await Wait.For(writing);
            Assert.Equal("last words"u8.ToArray(), await ReadToEndAsync(there));
            await there.Output.CompleteAsync();
            Assert.Empty(await ReadToEndAsync(here));
        }

        await near.DisposeAsync();
        await far.DisposeAsync();
    }

    private static async Task<byte[]> ReadAsync(IClusterChannel channel, int count)
    {
        var result = await Wait.For(channel.Input.ReadAtLeastAsync(1, Token));
        var got = new ArrayBufferWriter<byte>(count);
        while (true)
        {
            foreach (var piece in result.Buffer)
            {
                got.Write(piece.Span);
            }

            channel.Input.AdvanceTo(result.Buffer.End);
            if (got.WrittenCount >= count)
            {
                return got.WrittenSpan.ToArray();
            }

            result = await Wait.For(channel.Input.ReadAtLeastAsync(1, Token));
        }
    }

    private static async Task<byte[]> ReadToEndAsync(IClusterChannel channel)
    {
        using var got = new MemoryStream();
        await Wait.For(channel.Input.CopyToAsync(got, Token));
        return got.ToArray();
    }
}
