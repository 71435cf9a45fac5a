using System.Net;
using System.Net.Quic;
using System.Runtime.CompilerServices;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Protocol.Tests.Contract;

#pragma warning disable CA1416 // Tests that use QUIC ask for it first.

namespace Loophole.Cluster.Quic.Tests;

/// <summary>Two ends of one stream of System.Net.Quic with nothing of ours around it: what a figure is compared with.</summary>
internal sealed class BareStream : IAsyncDisposable
{
    private readonly QuicListener _listener;
    private readonly QuicConnection _near;
    private readonly QuicConnection _far;

    private BareStream(QuicListener listener, QuicConnection near, QuicConnection far, QuicStream nearStream, QuicStream farStream) =>
        (_listener, _near, _far, Near, Far) = (listener, near, far, nearStream, farStream);

    public QuicStream Near { get; }

    public QuicStream Far { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<BareStream> StartAsync()
    {
        var listener = await QuicListener.ListenAsync(
            new QuicListenerOptions
            {
                ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                ApplicationProtocols = [NodeCredentials.ApplicationProtocol],
                ConnectionOptionsCallback = (_, _, _) => new ValueTask<QuicServerConnectionOptions>(new QuicServerConnectionOptions
                {
                    DefaultCloseErrorCode = 0,
                    DefaultStreamErrorCode = 0,
                    MaxInboundBidirectionalStreams = 8,
                    ServerAuthenticationOptions = Quic.Credentials.ServerOptions(new PeerCertificateCheck(TimeProvider.System)),
                }),
            },
            Token);
        var accepting = listener.AcceptConnectionAsync(Token).AsTask();
        var near = await RawPeer.DialAsync(new Uri($"quic://{listener.LocalEndPoint}"), Quic.Credentials, TimeProvider.System);
        var far = await Wait.For(accepting);
        var nearStream = await RawPeer.SayAsync(near, [1]);
        var farStream = await Wait.For(far.AcceptInboundStreamAsync(Token));
        await RawPeer.HearAsync(farStream, 1);
        return new BareStream(listener, near, far, nearStream, farStream);
    }

    /// <summary>Sends so many bytes there and back, so many times.</summary>
    public async Task PingPongAsync(int bytes, int times)
    {
        var answering = Task.Run(() => AnswerAsync(bytes, times), Token);
        var buffer = new byte[bytes];
        for (var i = 0; i < times; i++)
        {
            await Near.WriteAsync(buffer, CancellationToken.None);
            await FillAsync(Near, buffer);
        }

        await Wait.For(answering);
    }

    public async ValueTask DisposeAsync()
    {
        await Near.DisposeAsync();
        await _near.DisposeAsync();
        await Far.DisposeAsync();
        await _far.DisposeAsync();
        await _listener.DisposeAsync();
    }

    private async Task AnswerAsync(int bytes, int times)
    {
        var buffer = new byte[bytes];
        for (var i = 0; i < times; i++)
        {
            await FillAsync(Far, buffer);
            await Far.WriteAsync(buffer, CancellationToken.None);
        }
    }

    /// <summary>Allocates nothing itself.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask FillAsync(QuicStream stream, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[await stream.ReadAsync(buffer, CancellationToken.None)..];
        }
    }
}
