using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Protocol.Tests.Contract;
using Loophole.Cluster.Tcp.Wire;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Tests.Support;

/// <summary>A client that says what it is told to, plain or under TLS.</summary>
internal sealed class RawClient : IDisposable
{
    private RawClient(Socket socket)
    {
        Socket = socket;
        Stream = new NetworkStream(socket, ownsSocket: true);
    }

    public Socket Socket { get; }

    public Stream Stream { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RawClient> ConnectAsync(Uri remote)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Wait.For(socket.ConnectAsync(remote.DnsSafeHost, remote.Port, Token));
        return new RawClient(socket);
    }

    public static async Task<RawClient> ConnectAsync(Uri remote, X509Certificate2? certificate, Action<SslClientAuthenticationOptions>? change = null)
    {
        var client = await ConnectAsync(remote);
        await client.SecureAsync(certificate, change);
        return client;
    }

    /// <summary>The options of an honest node, but for the certificate.</summary>
    public static SslClientAuthenticationOptions Options(X509Certificate2? certificate) => new()
    {
        TargetHost = "loophole",
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = [NodeCredentials.ApplicationProtocol],
        ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
        RemoteCertificateValidationCallback = new PeerCertificateCheck(TimeProvider.System).Validate,
    };

    public async Task SecureAsync(X509Certificate2? certificate, Action<SslClientAuthenticationOptions>? change = null)
    {
        var options = Options(certificate);
        change?.Invoke(options);
        var tls = new SslStream(Stream);
        Stream = tls;
        await Wait.For(tls.AuthenticateAsClientAsync(options, Token));
    }

    public Task SendAsync(byte[] bytes) => Wait.For(Stream.WriteAsync(bytes, Token));

    /// <summary>Makes a connection.</summary>
    /// <returns>Its key.</returns>
    public async Task<ConnectionKey> OpenControlAsync()
    {
        await SendAsync(Control());
        var answer = new byte[PreambleAnswer.Size + ConnectionKey.Size];
        await Wait.For(Stream.ReadExactlyAsync(answer, Token));
        Assert.Equal(Answer.Accepted, (Answer)answer[5]);
        return ConnectionKey.Read(answer.AsSpan(PreambleAnswer.Size));
    }

    /// <summary>Sends a preamble and hears the answer.</summary>
    public async Task<Answer> AskAsync(byte[] preamble)
    {
        await SendAsync(preamble);
        var answer = new byte[PreambleAnswer.Size];
        await Wait.For(Stream.ReadExactlyAsync(answer, Token));
        return PreambleAnswer.Read(answer)!.Value.Answer;
    }

    /// <summary>Reads until the other side ends, in whatever way.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        var heard = new MemoryStream();
        try
        {
            await Wait.For(Stream.CopyToAsync(heard, Token));
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }

        return heard.ToArray();
    }

    public static byte[] Control() => Bytes(new Preamble(Preamble.CurrentVersion, (byte)ChannelPurpose.Control, Guid.Empty, 0, 0));

    public static byte[] Join(ConnectionKey key, uint number, ChannelPurpose purpose = ChannelPurpose.Media, uint request = 0)
    {
        var bytes = Bytes(new Preamble(Preamble.CurrentVersion, (byte)purpose, key.Id, request, number));
        key.Sign(bytes);
        return bytes;
    }

    public static byte[] Bytes(Preamble preamble)
    {
        var bytes = new byte[Preamble.Size];
        preamble.Write(bytes);
        return bytes;
    }

    public void Dispose() => Stream.Dispose();
}
