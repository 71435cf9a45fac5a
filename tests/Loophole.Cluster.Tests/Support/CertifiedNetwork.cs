using System.Collections.Concurrent;
using System.Threading.Channels;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Support;

/// <summary>An in-memory network on which everybody has a certificate, as far as anybody can see: connections say what a transport under TLS would.</summary>
internal sealed class CertifiedNetwork : IAsyncDisposable
{
    private readonly InMemoryTransport _network = new();
    private readonly ConcurrentDictionary<Uri, (NodeFingerprint Self, Channel<NodeFingerprint> Diallers)> _listeners = [];
    private readonly SemaphoreSlim _dialling = new(1, 1);

    /// <summary>What connections say of themselves.</summary>
    public TransportSecurity Security { get; set; } = TransportSecurity.MutualTls;

    public IClusterTransport For(NodeFingerprint self) => new Transport(this, self);

    public ValueTask DisposeAsync()
    {
        _dialling.Dispose();
        return _network.DisposeAsync();
    }

    private sealed class Transport(CertifiedNetwork owner, NodeFingerprint self) : IClusterTransport
    {
        public string Scheme => "memory";

        public TransportSecurity Security => owner.Security;

        public async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default)
        {
            var inner = await owner._network.ListenAsync(local, cancellationToken);
            var diallers = Channel.CreateUnbounded<NodeFingerprint>();
            owner._listeners[inner.LocalEndPoint] = (self, diallers);
            return new Listener(owner, inner, diallers.Reader);
        }

        public async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
        {
            // The order of diallers is the order of connections.
            await owner._dialling.WaitAsync(cancellationToken);
            try
            {
                var connection = await owner._network.ConnectAsync(remote, cancellationToken);
                var (listener, diallers) = owner._listeners[remote];
                diallers.Writer.TryWrite(self);
                return new Connection(connection, owner.Security, listener);
            }
            finally
            {
                owner._dialling.Release();
            }
        }

        public ValueTask DisposeAsync() => default;
    }

    private sealed class Listener(CertifiedNetwork owner, IClusterListener inner, ChannelReader<NodeFingerprint> diallers) : IClusterListener
    {
        public Uri LocalEndPoint => inner.LocalEndPoint;

        public async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await inner.AcceptAsync(cancellationToken) is { } connection
                ? new Connection(connection, owner.Security, await diallers.ReadAsync(CancellationToken.None))
                : null;

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Connection(IClusterConnection inner, TransportSecurity security, NodeFingerprint peer) : IClusterConnection
    {
        public Uri RemoteEndPoint => inner.RemoteEndPoint;

        public TransportSecurity Security => security;

        public NodeFingerprint? RemoteFingerprint => security == TransportSecurity.MutualTls ? peer : null;

        public IClusterChannel Control => inner.Control;

        public CancellationToken Closed => inner.Closed;

        public ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default) => inner.OpenChannelAsync(purpose, cancellationToken);

        public ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default) => inner.AcceptChannelAsync(cancellationToken);

        public ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default) => inner.OpenAudioLinkAsync(cancellationToken);

        public ValueTask<IAudioLink?> AcceptAudioLinkAsync(CancellationToken cancellationToken = default) => inner.AcceptAudioLinkAsync(cancellationToken);

        public void Abort(string reason) => inner.Abort(reason);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
