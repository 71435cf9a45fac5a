using System.Net.Sockets;
using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Whole reads and writes of the few fixed-size messages before a socket becomes a channel.</summary>
internal static class SocketIo
{
    /// <summary>Fills a buffer.</summary>
    /// <returns><see langword="false"/> when the peer ended before it was full.</returns>
    public static async ValueTask<bool> TryReadAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var count = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }

    public static async ValueTask WriteAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
    }

    public static ValueTask AnswerAsync(Socket socket, Answer answer, Guid token, CancellationToken cancellationToken)
    {
        var bytes = new byte[PreambleAnswer.Size];
        new PreambleAnswer(Preamble.CurrentVersion, answer, token).Write(bytes);
        return WriteAsync(socket, bytes, cancellationToken);
    }

    /// <summary>Says what a socket is for and waits for the peer's consent.</summary>
    /// <returns>The token in the answer.</returns>
    /// <exception cref="TransportException">The peer refuses, ends, or answers in another protocol.</exception>
    public static async ValueTask<Guid> GreetAsync(Socket socket, Preamble preamble, Uri remote, CancellationToken cancellationToken)
    {
        var bytes = new byte[Preamble.Size];
        preamble.Write(bytes);
        await WriteAsync(socket, bytes, cancellationToken).ConfigureAwait(false);
        if (!await TryReadAsync(socket, bytes.AsMemory(0, PreambleAnswer.Size), cancellationToken).ConfigureAwait(false))
        {
            throw new TransportException(TransportError.Refused, $"{remote} ended the connection without an answer.");
        }

        var answer = PreambleAnswer.Read(bytes) ?? throw new TransportException(TransportError.ProtocolViolation, $"{remote} does not speak this protocol.");
        return answer switch
        {
            { Version: not Preamble.CurrentVersion } or { Answer: Answer.UnknownVersion } =>
                throw new TransportException(TransportError.ProtocolViolation, $"{remote} speaks version {answer.Version}, not {Preamble.CurrentVersion}."),
            { Answer: Answer.Accepted } => answer.Token,
            _ => throw new TransportException(TransportError.Refused, $"{remote} refused: {answer.Answer}."),
        };
    }

    /// <summary>Ends a socket at once; the peer sees a reset. Never throws.</summary>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        socket.Dispose();
    }
}
