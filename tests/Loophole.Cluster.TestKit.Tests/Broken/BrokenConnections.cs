using System.Buffers;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Transports, listeners and connections with one flaw each.</summary>
internal static class BrokenConnections
{
    /// <summary>Keeps one buffer for ever.</summary>
    public sealed class Leaks : WrappedConnection
    {
        public Leaks(IClusterConnection inner, MemoryPool<byte> pool)
            : base(inner) => _ = pool.Rent();
    }

    /// <summary>Promises what nothing keeps.</summary>
    public sealed class ClaimsTls(IClusterConnection inner) : WrappedConnection(inner)
    {
        public override TransportSecurity Security => TransportSecurity.MutualTls;
    }

    /// <summary>Waits in Abort until every callback of Closed has run.</summary>
    public sealed class BlocksInAbort(IClusterConnection inner) : WrappedConnection(inner)
    {
        private readonly CancellationTokenSource _closed = CancellationTokenSource.CreateLinkedTokenSource(inner.Closed);

        public override CancellationToken Closed => _closed.Token;

        public override void Abort(string reason)
        {
            _closed.Cancel();
            base.Abort(reason);
        }
    }

    /// <summary>Opens channels on whatever connection is next.</summary>
    public sealed class SplitsChannels : WrappedConnection
    {
        private readonly List<IClusterConnection> _all;

        public SplitsChannels(IClusterConnection inner, List<IClusterConnection> all)
            : base(inner)
        {
            _all = all;
            if (inner.RemoteEndPoint.Host == "case")
            {
                all.Add(inner);
            }
        }

        public override ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default) =>
            _all[^1].OpenChannelAsync(purpose, cancellationToken);
    }

    /// <summary>Goes on listening when disposed.</summary>
    public sealed class NeverStops(IClusterTransport inner) : WrappedTransport(inner)
    {
        public override async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) =>
            new Listener(await base.ListenAsync(local, cancellationToken));

        private sealed class Listener(IClusterListener inner) : IClusterListener
        {
            public Uri LocalEndPoint => inner.LocalEndPoint;

            public ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) => inner.AcceptAsync(cancellationToken);

            public ValueTask DisposeAsync() => default;
        }
    }

    /// <summary>Classifies no error.</summary>
    public sealed class KnowsNoError(IClusterTransport inner) : WrappedTransport(inner)
    {
        public override async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
        {
            try
            {
                return await base.ConnectAsync(remote, cancellationToken);
            }
            catch (TransportException failure)
            {
                throw new TransportException(TransportError.Unknown, failure.Message, failure);
            }
        }
    }

    /// <summary>Connects whether or not the caller still wants to.</summary>
    public sealed class IgnoresConnectToken(IClusterTransport inner) : WrappedTransport(inner)
    {
        public override ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default) => base.ConnectAsync(remote, CancellationToken.None);
    }

    /// <summary>Remembers every connection there ever was.</summary>
    public sealed class Remembers : WrappedConnection
    {
        public Remembers(IClusterConnection inner, List<object> all)
            : base(inner) => all.Add(this);
    }
}
