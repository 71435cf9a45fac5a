using System.Buffers;
using System.Net.Sockets;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Transports;

namespace Loophole.Samples.CustomTransport.Tests;

/// <summary>The transport as the suite sees it.</summary>
public sealed class UnixSocketSubject : TransportSubject
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unix").FullName;
    private int _lastName;

    public override Uri ListenEndPoint => new($"unix://{_folder}/{Interlocked.Increment(ref _lastName)}");

    public override TransportSecurity Security => TransportSecurity.SameMachine;

    public override bool HasRawPeer => true;

    public override IClusterTransport CreateTransport(MemoryPool<byte> pool) => new UnixSocketTransport(pool);

    public override async ValueTask<Stream> ConnectRawAsync(Uri listening, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(listening.AbsolutePath), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
