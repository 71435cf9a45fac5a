using System.Buffers;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>The in-memory transport with a flaw, or with none.</summary>
internal sealed class BrokenSubject(Func<IClusterTransport, MemoryPool<byte>, IClusterTransport> flaw, TimeSpan timeLimit) : TransportSubject
{
    public override Uri ListenEndPoint => new("memory://case:0");

    public override TransportSecurity Security => TransportSecurity.SameMachine;

    public override TimeSpan TimeLimit => timeLimit;

    public override IClusterTransport CreateTransport(MemoryPool<byte> pool) => flaw(new InMemoryTransport(new InMemoryTransportOptions { Pool = pool }), pool);
}
