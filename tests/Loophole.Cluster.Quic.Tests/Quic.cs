using System.Buffers;
using Loophole.Cluster.Protocol;

namespace Loophole.Cluster.Quic.Tests;

/// <summary>One identity for all tests that do not look at identities: making a key takes a while.</summary>
internal static class Quic
{
    public static readonly Uri Anywhere = new("quic://127.0.0.1:0");

    public static readonly NodeCredentials Credentials = NodeCredentials.Create("test");

    /// <summary>Gives up on a dead endpoint soon: QUIC hears of it by silence only.</summary>
    public static QuicTransport Transport(MemoryPool<byte> pool) =>
        new(new QuicTransportOptions { Credentials = Credentials, Pool = pool, ConnectTimeout = TimeSpan.FromSeconds(3) });
}
