using System.Buffers;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Tcp.Tests.Support;

/// <summary>Makes transports of either kind; under TLS all are the same node.</summary>
internal static class TestNode
{
    public static NodeCredentials Credentials { get; } = NodeCredentials.Create("test node");

    public static TcpTransport Create(Security security, MemoryPool<byte>? pool = null) => new(new TcpTransportOptions
    {
        InsecureLoopback = security == Security.Plain,
        Credentials = security == Security.Tls ? Credentials : null,
        Pool = pool,
    });
}
