using Loophole.Cluster.Links;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Passes everything on, and puts something between every audio link, or every channel but control, and who uses it.</summary>
internal sealed class WatchedTransport(IClusterTransport inner, Func<IAudioLink, IAudioLink> watch, Func<IClusterChannel, IClusterChannel>? watchChannel = null) : IClusterTransport
{
    public string Scheme => inner.Scheme;

    public TransportSecurity Security => inner.Security;

    public async ValueTask<IClusterListener> ListenAsync(Uri local, CancellationToken cancellationToken = default) => new Listener(await inner.ListenAsync(local, cancellationToken), watch, watchChannel);

    public async ValueTask<IClusterConnection> ConnectAsync(Uri remote, CancellationToken cancellationToken = default) => new Connection(await inner.ConnectAsync(remote, cancellationToken), watch, watchChannel);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Listener(IClusterListener inner, Func<IAudioLink, IAudioLink> watch, Func<IClusterChannel, IClusterChannel>? watchChannel) : IClusterListener
    {
        public Uri LocalEndPoint => inner.LocalEndPoint;

        public async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) => await inner.AcceptAsync(cancellationToken) is { } accepted ? new Connection(accepted, watch, watchChannel) : null;

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class Connection(IClusterConnection inner, Func<IAudioLink, IAudioLink> watch, Func<IClusterChannel, IClusterChannel>? watchChannel) : IClusterConnection
    {
        public Uri RemoteEndPoint => inner.RemoteEndPoint;

        public TransportSecurity Security => inner.Security;

        public NodeFingerprint? RemoteFingerprint => inner.RemoteFingerprint;

        public IClusterChannel Control => inner.Control;

        public CancellationToken Closed => inner.Closed;

        public async ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default) => Watch(await inner.OpenChannelAsync(purpose, cancellationToken));

        public async ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default) => await inner.AcceptChannelAsync(cancellationToken) is { } channel ? Watch(channel) : null;

        public async ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default) => watch(await inner.OpenAudioLinkAsync(cancellationToken));

        public async ValueTask<IAudioLink?> AcceptAudioLinkAsync(CancellationToken cancellationToken = default) => await inner.AcceptAudioLinkAsync(cancellationToken) is { } link ? watch(link) : null;

        public void Abort(string reason) => inner.Abort(reason);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private IClusterChannel Watch(IClusterChannel channel) => watchChannel?.Invoke(channel) ?? channel;
    }
}
