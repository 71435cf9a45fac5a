using System.Net;
using System.Net.Quic;
using System.Net.Security;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Protocol.Tests.Contract;

#pragma warning disable CA1416 // Tests that use QUIC ask for it first.

namespace Loophole.Cluster.Quic.Tests;

/// <summary>A client that speaks QUIC and TLS well, and whatever it likes from there on.</summary>
internal static class RawPeer
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<QuicConnection> DialAsync(Uri remote, NodeCredentials credentials, TimeProvider time, Action<SslClientAuthenticationOptions>? change = null)
    {
        var options = credentials.ClientOptions(new PeerCertificateCheck(time));
        change?.Invoke(options);
        return await Wait.For(QuicConnection.ConnectAsync(
            new QuicClientConnectionOptions
            {
                RemoteEndPoint = new IPEndPoint(IPAddress.Parse(remote.Host), remote.Port),
                ClientAuthenticationOptions = options,
                DefaultCloseErrorCode = 77,
                DefaultStreamErrorCode = 77,
                MaxInboundBidirectionalStreams = 8,
                MaxInboundUnidirectionalStreams = 1,
            },
            Token));
    }

    /// <summary>Opens a stream and writes; what comes back is the caller's to read.</summary>
    public static async Task<QuicStream> SayAsync(QuicConnection connection, byte[] bytes, bool isAll = false)
    {
        var stream = await Wait.For(connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Token));
        await Wait.For(stream.WriteAsync(bytes, isAll, Token));
        return stream;
    }

    /// <summary>Reads an answer.</summary>
    public static async Task<byte[]> HearAsync(QuicStream stream, int length = 24)
    {
        var bytes = new byte[length];
        await Wait.For(stream.ReadExactlyAsync(bytes, Token));
        return bytes;
    }

    /// <summary>The code with which the other side ends a stream or its connection.</summary>
    public static async Task<long?> EndOfAsync(QuicStream stream) =>
        (await Assert.ThrowsAsync<QuicException>(() => Wait.For(stream.ReadExactlyAsync(new byte[25], Token)))).ApplicationErrorCode;

    public static async Task<long?> EndOfAsync(QuicConnection connection) =>
        (await Assert.ThrowsAsync<QuicException>(() => Wait.For(connection.AcceptInboundStreamAsync(Token)))).ApplicationErrorCode;
}
