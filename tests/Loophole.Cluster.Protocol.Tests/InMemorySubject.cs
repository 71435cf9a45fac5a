using System.Buffers;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Protocol.Tests;

internal sealed class InMemorySubject : TransportSubject
{
    public override Uri ListenEndPoint => new("memory://case:0");

    public override TransportSecurity Security => TransportSecurity.SameMachine;

    public override int ChurnCount => 10_000;

    public override IClusterTransport CreateTransport(MemoryPool<byte> pool) => new InMemoryTransport(new InMemoryTransportOptions { Pool = pool });
}
