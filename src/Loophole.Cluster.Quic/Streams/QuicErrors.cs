using System.Net.Quic;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using Loophole.Cluster.Quic.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Quic.Streams;

/// <summary>Translates what QUIC throws, once, at the seam.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal static class QuicErrors
{
    /// <summary>Whether QUIC throws such when something ends, as opposed to a wrong call.</summary>
    public static bool IsOfQuic(Exception exception) =>
        exception is QuicException or ObjectDisposedException or SocketException or AuthenticationException;

    /// <summary>Whether the peer only says that it reads no more.</summary>
    public static bool IsEndOfReading(Exception exception) =>
        exception is QuicException { QuicError: QuicError.StreamAborted, ApplicationErrorCode: (long)CloseCode.Done };

    /// <summary>Of a stream, or of a connection with all its streams.</summary>
    public static TransportException OfChannel(Exception exception) => exception switch
    {
        TransportException known => known,
        QuicException { QuicError: QuicError.StreamAborted or QuicError.ConnectionAborted, ApplicationErrorCode: { } code } => OfCode((CloseCode)code, exception),
        QuicException { QuicError: QuicError.ConnectionIdle or QuicError.ConnectionTimeout } or SocketException =>
            new TransportException(TransportError.PeerReset, "The peer, or the way to it, went away.", exception),
        ObjectDisposedException or QuicException { QuicError: QuicError.OperationAborted } =>
            new TransportException(TransportError.Aborted, "This side closed the connection.", exception),
        QuicException { QuicError: QuicError.TransportError or QuicError.VersionNegotiationError } =>
            new TransportException(TransportError.ProtocolViolation, "What the peer sent is no sound QUIC.", exception),
        AuthenticationException => new TransportException(TransportError.Refused, $"The peer refused this node's handshake: {exception.Message}", exception),
        _ => new TransportException(TransportError.Unknown, "The connection failed.", exception),
    };

    /// <summary>Of an attempt to connect.</summary>
    public static TransportException OfConnecting(Exception exception, Uri remote, string? certificateFault) => exception switch
    {
        SocketException or QuicException { QuicError: QuicError.ConnectionRefused or QuicError.ConnectionTimeout or QuicError.ConnectionIdle } =>
            new TransportException(TransportError.Unreachable, $"Nobody answers at {remote}.", exception),
        AuthenticationException when certificateFault is not null =>
            new TransportException(TransportError.ProtocolViolation, $"{remote}: {certificateFault}.", exception),
        AuthenticationException or QuicException { QuicError: QuicError.VersionNegotiationError } =>
            new TransportException(TransportError.ProtocolViolation, $"{remote} does not speak this protocol: {exception.Message}", exception),
        _ => OfChannel(exception),
    };

    private static TransportException OfCode(CloseCode code, Exception exception) => code switch
    {
        CloseCode.Done => new TransportException(TransportError.PeerReset, "The peer has closed the connection.", exception),
        CloseCode.Aborted => new TransportException(TransportError.PeerReset, "The peer aborted it.", exception),
        CloseCode.UnknownVersion => new TransportException(TransportError.ProtocolViolation, $"The peer does not speak version {Hello.CurrentVersion}.", exception),
        CloseCode.BadHello => new TransportException(TransportError.Refused, "The peer refused the hello.", exception),
        CloseCode.Busy => new TransportException(TransportError.Refused, "The peer refused: it is closed, or too many wait to be accepted.", exception),
        CloseCode.NoHello => new TransportException(TransportError.Refused, "The peer has heard no hello in time, or too many said none.", exception),
        _ => new TransportException(TransportError.PeerReset, $"The peer ended it with code {(long)code}.", exception),
    };
}
