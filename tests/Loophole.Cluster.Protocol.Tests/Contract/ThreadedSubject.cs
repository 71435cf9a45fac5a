using System.Buffers;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Protocol.Tests.Contract;

/// <summary>A subject whose links receive on threads of their own.</summary>
public sealed class ThreadedSubject(TestKit.TransportSubject inner) : TestKit.TransportSubject
{
    public override Uri ListenEndPoint => inner.ListenEndPoint;

    public override TransportSecurity Security => inner.Security;

    public override IClusterTransport CreateTransport(MemoryPool<byte> pool) => new ThreadedTransport(inner.CreateTransport(pool));
}
