using Loophole.Cluster.Links;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Bench.Playback;

/// <summary>Accepts connections whose audio links flood.</summary>
internal sealed class FloodingListener(IClusterListener inner) : IClusterListener
{
    public Uri LocalEndPoint => inner.LocalEndPoint;

    public async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await inner.AcceptAsync(cancellationToken) is { } connection ? new Connection(connection) : null;

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Connection(IClusterConnection inner) : IClusterConnection
    {
        public Uri RemoteEndPoint => inner.RemoteEndPoint;

        public TransportSecurity Security => inner.Security;

        public NodeFingerprint? RemoteFingerprint => inner.RemoteFingerprint;

        public IClusterChannel Control => inner.Control;

        public CancellationToken Closed => inner.Closed;

        public ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default) => inner.OpenChannelAsync(purpose, cancellationToken);

        public ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default) => inner.AcceptChannelAsync(cancellationToken);

        public ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default) => inner.OpenAudioLinkAsync(cancellationToken);

        public async ValueTask<IAudioLink?> AcceptAudioLinkAsync(CancellationToken cancellationToken = default) =>
            await inner.AcceptAudioLinkAsync(cancellationToken) is { } link ? new FloodingLink(link) : null;

        public void Abort(string reason) => inner.Abort(reason);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
