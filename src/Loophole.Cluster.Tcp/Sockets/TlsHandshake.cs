using System.Net.Security;
using System.Security.Authentication;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Sockets;

/// <summary>Turns a plain line into one under TLS 1.3 with certificates on both sides, or names what is in the way.</summary>
internal static class TlsHandshake
{
    /// <summary>The listening side's part.</summary>
    /// <returns><see langword="null"/> when the line is secure.</returns>
    public static async ValueTask<HandshakeFault?> AcceptAsync(SocketLine line, NodeCredentials credentials, TimeProvider time, CancellationToken cancellationToken)
    {
        var check = new PeerCertificateCheck(time);
        var options = credentials.ServerOptions(check);
        var offered = SslProtocols.None;
        var fault = await RunAsync(line, check, tls => tls.AuthenticateAsServerAsync(Choose, null, cancellationToken)).ConfigureAwait(false);
        return fault is not null && offered != SslProtocols.None && !offered.HasFlag(SslProtocols.Tls13)
            ? fault with { Reason = "it does not offer TLS 1.3" }
            : fault;

        // Answers every client alike; asked only because it tells what the client offers.
        ValueTask<SslServerAuthenticationOptions> Choose(SslStream stream, SslClientHelloInfo hello, object? state, CancellationToken token)
        {
            offered = hello.SslProtocols;
            return new ValueTask<SslServerAuthenticationOptions>(options);
        }
    }

    /// <summary>The dialling side's part. The peer may refuse this side's certificate after this side is done: then it ends the line.</summary>
    /// <returns><see langword="null"/> when the line is secure.</returns>
    public static ValueTask<HandshakeFault?> ConnectAsync(SocketLine line, NodeCredentials credentials, TimeProvider time, CancellationToken cancellationToken)
    {
        var check = new PeerCertificateCheck(time);
        var options = credentials.ClientOptions(check);
        return RunAsync(line, check, tls => tls.AuthenticateAsClientAsync(options, cancellationToken));
    }

    private static async ValueTask<HandshakeFault?> RunAsync(SocketLine line, PeerCertificateCheck check, Func<SslStream, Task> authenticate)
    {
        try
        {
            await line.SecureAsync(authenticate, check).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Everything else a handshake can throw is the peer's doing, whatever its type.
            return FaultOf(check, exception);
        }

        return check.Fingerprint is null ? new HandshakeFault(TransportError.ProtocolViolation, check.Fault ?? "the peer presented no certificate")
            : line.Tls!.NegotiatedApplicationProtocol != NodeCredentials.ApplicationProtocol
                ? new HandshakeFault(TransportError.ProtocolViolation, $"it does not name the application protocol {NodeCredentials.ApplicationProtocol}")
            : null;
    }

    private static HandshakeFault FaultOf(PeerCertificateCheck check, Exception exception) => exception switch
    {
        _ when check.Fault is { } fault => new HandshakeFault(TransportError.ProtocolViolation, fault, exception),
        NoTlsException => new HandshakeFault(TransportError.ProtocolViolation, "it does not speak TLS", exception),
        AuthenticationException => new HandshakeFault(TransportError.ProtocolViolation, $"it does not speak TLS as this node does ({exception.GetBaseException().Message})", exception),
        _ => new HandshakeFault(TransportError.Refused, $"it ended within the TLS handshake ({exception.GetBaseException().Message})", exception),
    };
}
