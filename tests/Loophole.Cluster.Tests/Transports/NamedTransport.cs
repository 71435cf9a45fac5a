using System.Collections.Concurrent;
using Loophole.Cluster.Links;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Transports;

/// <summary>The in-memory transport under another scheme, on one machine that has every name: only ports differ. Where nobody listens nobody answers.</summary>
internal sealed class NamedTransport(string scheme, TransportSecurity security = TransportSecurity.MutualTls) : IClusterTransport
{
    private readonly InMemoryTransport _inner = new();

    public string Scheme => scheme;

    public TransportSecurity Security => security;

    public bool IsDisposed { get; private set; }

    public async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) =>
        new Listener(await _inner.ListenAsync(Translate(local), cancellationToken), local);

    /// <summary>Endpoints that were dialled, in order.</summary>
    public ConcurrentQueue<Uri> Dialled { get; } = [];

    public async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default)
    {
        Dialled.Enqueue(remote);
        return new Connection(await _inner.ConnectAsync(Translate(remote), cancellationToken), remote);
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return _inner.DisposeAsync();
    }

    private static Uri Translate(Uri uri) => new($"memory://peer:{uri.Port}");

    private sealed class Connection(IClusterConnection inner, Uri remote) : IClusterConnection
    {
        public Uri RemoteEndPoint => remote;

        public TransportSecurity Security => inner.Security;

        public NodeFingerprint? RemoteFingerprint => inner.RemoteFingerprint;

        public IClusterChannel Control => inner.Control;

        public CancellationToken Closed => inner.Closed;

        public ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default) => inner.OpenChannelAsync(purpose, cancellationToken);

        public ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default) => inner.AcceptChannelAsync(cancellationToken);

        public ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default) => inner.OpenAudioLinkAsync(cancellationToken);

        public ValueTask<IAudioLink?> AcceptAudioLinkAsync(CancellationToken cancellationToken = default) => inner.AcceptAudioLinkAsync(cancellationToken);

        public void Abort(string reason) => inner.Abort(reason);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Listener(IClusterListener inner, Uri local) : IClusterListener
    {
        public Uri LocalEndPoint => local;

        public ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) => inner.AcceptAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
