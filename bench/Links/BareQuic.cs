using System.Diagnostics;
using System.Net;
using System.Net.Quic;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Loophole.Cluster.Protocol;

namespace Loophole.Bench.Links;

/// <summary>The floor of links over QUIC: one stream of System.Net.Quic between two processes, the same bytes in the same pattern, and nothing else.</summary>
[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
internal static class BareQuic
{
    // Of a link's block, as in the C program.
    private const int HeaderBytes = 40;

    public static async Task<ExchangeResult> ExchangeAsync(Shape shape, bool isPaced, int warmup, int count)
    {
        var bytes = shape.Streams * (HeaderBytes + (shape.StreamChannels * shape.Frames * sizeof(float)));
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["bare-quic", $"{bytes}"]) { RedirectStandardOutput = true })!;
        var remote = IPEndPoint.Parse(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The bare peer did not start."));
        using var credentials = NodeCredentials.Create("bench");
        await using var connection = await QuicConnection.ConnectAsync(new QuicClientConnectionOptions
        {
            RemoteEndPoint = remote,
            ClientAuthenticationOptions = credentials.ClientOptions(new PeerCertificateCheck(TimeProvider.System)),
            DefaultCloseErrorCode = 0,
            DefaultStreamErrorCode = 0,
        });
        await using var stream = await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional);
        var took = new long[count];
        var buffer = new byte[bytes];
        var period = isPaced ? shape.Period : 0;
        var due = BenchClock.Now + period;
        for (var i = -warmup; i < count; i++, due += period)
        {
            if (isPaced)
            {
                BenchClock.SleepUntil(due);
            }

            var start = BenchClock.Now;
            await stream.WriteAsync(buffer);
            await FillAsync(stream, buffer);
            if (i >= 0)
            {
                took[i] = BenchClock.Now - start;
            }
        }

        stream.CompleteWrites();
        await process.WaitForExitAsync();
        Array.Sort(took);
        return new ExchangeResult(took[count / 2] / 1e3, took[(int)(count * 0.99)] / 1e3, 0, 0);
    }

    /// <summary>The other process: sends back what comes, so many bytes at a time.</summary>
    public static async Task<int> AnswerAsync(int bytes, CancellationToken cancellationToken)
    {
        using var credentials = NodeCredentials.Create("bench");
        await using var listener = await QuicListener.ListenAsync(
            new QuicListenerOptions
            {
                ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                ApplicationProtocols = [NodeCredentials.ApplicationProtocol],
                ConnectionOptionsCallback = (_, _, _) => new ValueTask<QuicServerConnectionOptions>(new QuicServerConnectionOptions
                {
                    DefaultCloseErrorCode = 0,
                    DefaultStreamErrorCode = 0,
                    ServerAuthenticationOptions = credentials.ServerOptions(new PeerCertificateCheck(TimeProvider.System)),
                }),
            },
            cancellationToken);
        Console.WriteLine(listener.LocalEndPoint);
        await using var connection = await listener.AcceptConnectionAsync(cancellationToken);
        await using var stream = await connection.AcceptInboundStreamAsync(cancellationToken);
        var buffer = new byte[bytes];
        while (await FillAsync(stream, buffer))
        {
            await stream.WriteAsync(buffer, cancellationToken);
        }

        stream.CompleteWrites();
        await stream.WritesClosed.WaitAsync(cancellationToken);
        return 0;
    }

    /// <summary>Allocates nothing itself.</summary>
    /// <returns><see langword="false"/> when the peer has ended.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> FillAsync(QuicStream stream, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = await stream.ReadAsync(buffer);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}
