using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Wire;

namespace Loophole.Cluster.Tcp.Tests.Support;

/// <summary>A server that answers what it is told to, plain or under TLS.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RawServer()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
    }

    public Uri EndPoint => new($"tcp://{_socket.LocalEndPoint}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task<NetworkStream> AcceptAsync() => new(await Wait.For(_socket.AcceptAsync(Token)), ownsSocket: true);

    /// <summary>Runs a handshake as an honest node does, but for the certificate and what is changed.</summary>
    public async Task<SslStream> AcceptAsync(X509Certificate2 certificate, Action<SslServerAuthenticationOptions>? change = null)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
            ClientCertificateRequired = true,
            EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
            ApplicationProtocols = [NodeCredentials.ApplicationProtocol],
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = new PeerCertificateCheck(TimeProvider.System).Validate,
        };
        change?.Invoke(options);
        var tls = new SslStream(await AcceptAsync());
        try
        {
            await Wait.For(tls.AuthenticateAsServerAsync(options, Token));
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>Hears a preamble and accepts it; a control socket with a new key.</summary>
    public static async Task WelcomeAsync(Stream stream)
    {
        var preamble = new byte[Preamble.Size];
        await Wait.For(stream.ReadExactlyAsync(preamble, Token));
        var isControl = preamble[5] == 1;
        var answer = new byte[PreambleAnswer.Size + (isControl ? ConnectionKey.Size : 0)];
        new PreambleAnswer(Preamble.CurrentVersion, Answer.Accepted).Write(answer);
        if (isControl)
        {
            ConnectionKey.Create().Write(answer.AsSpan(PreambleAnswer.Size));
        }

        await Wait.For(stream.WriteAsync(answer, Token));
    }

    public void Dispose() => _socket.Dispose();
}
