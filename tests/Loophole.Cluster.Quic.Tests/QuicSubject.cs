using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Quic.Tests;

/// <summary>QUIC as the test kit sees it.</summary>
internal sealed class QuicSubject : TransportSubject
{
    // Takes datagrams and never answers.
    private static readonly Socket Silent = Bind();

    public override Uri ListenEndPoint => Quic.Anywhere;

    public override TransportSecurity Security => TransportSecurity.MutualTls;

    // A QUIC connection takes two sockets and two handshakes.
    public override int ChurnCount => 120;

    // System.Net.Quic allocates for every read that waits; QuicResourceTests holds the link to that.
    public override bool MustNotAllocate => false;

    public override Uri SilentEndPoint => new($"quic://{Silent.LocalEndPoint}");

    public override IClusterTransport CreateTransport(MemoryPool<byte> pool) => Quic.Transport(pool);

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
