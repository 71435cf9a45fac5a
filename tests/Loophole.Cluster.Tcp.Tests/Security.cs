using System.Buffers;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Tcp.Tests;

/// <summary>The two kinds of transport that every test of behaviour runs over.</summary>
public enum Security
{
    Plain,
    Tls,
}

/// <summary>Makes transports of either kind; all of the kind TLS are one node.</summary>
internal static class Transports
{
    public static NodeCredentials Node { get; } = NodeCredentials.Create("test node");

    public static TcpTransport Create(Security security, MemoryPool<byte>? pool = null) => new(new TcpTransportOptions
    {
        InsecureLoopback = security == Security.Plain,
        Credentials = security == Security.Tls ? Node : null,
        Pool = pool,
    });
}
