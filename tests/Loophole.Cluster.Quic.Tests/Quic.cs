using System.Buffers;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Quic.Tests;

/// <summary>One identity for all tests that do not look at identities: making a key takes a while.</summary>
internal static class Quic
{
    public static readonly Uri Anywhere = new("quic://127.0.0.1:0");

    public static readonly NodeCredentials Credentials = NodeCredentials.Create("test");

    public static QuicTransport Transport(MemoryPool<byte> pool) => new(new QuicTransportOptions { Credentials = Credentials, Pool = pool });
}
