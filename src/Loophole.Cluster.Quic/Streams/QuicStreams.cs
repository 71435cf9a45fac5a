using System.Net.Quic;
using System.Runtime.Versioning;
using Loophole.Cluster.Quic.Wire;

namespace Loophole.Cluster.Quic.Streams;

/// <summary>What is done to a stream from any thread, at any moment of its life.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal static class QuicStreams
{
    /// <summary>Ends sides of a stream at once. Never throws.</summary>
    public static void Abort(QuicStream stream, QuicAbortDirection side, CloseCode code)
    {
        try
        {
            stream.Abort(side, (long)code);
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
        {
            // It has ended already.
        }
    }

    /// <summary>Says that no more will be written. Never throws.</summary>
    public static void CompleteWrites(QuicStream stream)
    {
        try
        {
            stream.CompleteWrites();
        }
        catch (Exception exception) when (QuicErrors.IsOfQuic(exception))
        {
            // It has ended already.
        }
    }

    /// <summary>Ends a stream and lets go of it.</summary>
    public static async ValueTask DropAsync(QuicStream stream, CloseCode code)
    {
        Abort(stream, QuicAbortDirection.Both, code);
        await stream.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Fills a buffer.</summary>
    /// <returns><see langword="false"/> when the peer ended before it was full.</returns>
    public static async ValueTask<bool> TryReadAsync(QuicStream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}
