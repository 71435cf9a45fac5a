using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>What is said on a line before it becomes a channel.</summary>
internal static class SocketIo
{
    public static ValueTask AnswerAsync(SocketLine line, Answer answer, Guid token, CancellationToken cancellationToken)
    {
        var bytes = new byte[PreambleAnswer.Size];
        new PreambleAnswer(Preamble.CurrentVersion, answer, token).Write(bytes);
        return line.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Says what a line is for and waits for the peer's consent.</summary>
    /// <returns>The token in the answer.</returns>
    /// <exception cref="TransportException">The peer refuses, ends, or answers in another protocol.</exception>
    public static async ValueTask<Guid> GreetAsync(SocketLine line, Preamble preamble, Uri remote, CancellationToken cancellationToken)
    {
        var bytes = new byte[Preamble.Size];
        preamble.Write(bytes);
        await line.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        if (!await line.TryReadAsync(bytes.AsMemory(0, PreambleAnswer.Size), cancellationToken).ConfigureAwait(false))
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
}
