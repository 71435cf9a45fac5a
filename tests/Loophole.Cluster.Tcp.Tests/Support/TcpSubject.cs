using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tcp.Tests.Support;

/// <summary>TCP as the test kit sees it, plain or under TLS.</summary>
internal sealed class TcpSubject(Security security, WaitStrategy wait = WaitStrategy.Adaptive) : TransportSubject
{
    // Listens and never accepts: the system takes the connection, and nobody answers on it.
    private static readonly Socket Silent = Listen();

    public override Uri ListenEndPoint => new("tcp://127.0.0.1:0");

    public override TransportSecurity Security => security == Support.Security.Tls ? TransportSecurity.MutualTls : TransportSecurity.SameMachine;

    public override int ChurnCount => security == Support.Security.Tls ? 500 : 10_000;

    // TLS rents record buffers of 16 KiB from the runtime's own pool, which may still grow by two.
    public override long AllocationAllowance => security == Support.Security.Tls ? 2 * 17 * 1024 : 0;

    public override Uri SilentEndPoint => new($"tcp://{Silent.LocalEndPoint}");

    public override bool HasRawPeer => true;

    public override IClusterTransport CreateTransport(MemoryPool<byte> pool) => new TcpTransport(new TcpTransportOptions
    {
        InsecureLoopback = security == Support.Security.Plain,
        Credentials = security == Support.Security.Tls ? TestNode.Credentials : null,
        AudioLinks = new AudioLinkOptions { Wait = wait },
        ConnectTimeout = TimeSpan.FromSeconds(5),
        Pool = pool,
    });

    public override async ValueTask<Stream> ConnectRawAsync(Uri listening, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listening.DnsSafeHost, listening.Port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static Socket Listen()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }
}
