using System.Net.Quic;
using System.Runtime.Versioning;
using Loophole.Cluster.Quic.Streams;
using Loophole.Cluster.Quic.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Quic.Connections;

/// <summary>The few bytes on a stream before it becomes a channel.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal static class Greeting
{
    /// <summary>Opens a stream, says what it is for, and waits for the peer's consent.</summary>
    /// <returns>The stream, the caller's, and the secret in the answer.</returns>
    /// <exception cref="TransportException">The peer refuses, ends, or answers in another protocol.</exception>
    public static async ValueTask<(QuicStream Stream, Guid Secret)> OpenAsync(QuicConnection connection, Hello hello, CancellationToken cancellationToken)
    {
        QuicStream? stream = null;
        try
        {
            stream = await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(hello.ToArray(), cancellationToken).ConfigureAwait(false);
            var (answer, fault) = await ReadAsync(stream, cancellationToken).ConfigureAwait(false);
            if (fault != CloseCode.Done || answer.Purpose != hello.Purpose)
            {
                throw new TransportException(TransportError.ProtocolViolation, "The peer does not answer in this protocol.");
            }

            var greeted = stream;
            stream = null;
            return (greeted, answer.Secret);
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
        {
            throw QuicErrors.OfChannel(exception);
        }
        finally
        {
            if (stream is not null)
            {
                _ = QuicStreams.DropAsync(stream, CloseCode.Aborted).AsTask();
            }
        }
    }

    /// <summary>Reads a hello or an answer.</summary>
    /// <returns>The hello, or why it is none.</returns>
    public static async ValueTask<(Hello Hello, CloseCode Fault)> ReadAsync(QuicStream stream, CancellationToken cancellationToken)
    {
        var bytes = new byte[Hello.Size];
        return await QuicStreams.TryReadAsync(stream, bytes, cancellationToken).ConfigureAwait(false)
            ? Hello.Read(bytes)
            : (default, CloseCode.BadHello);
    }
}
