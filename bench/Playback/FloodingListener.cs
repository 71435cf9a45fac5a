using Loophole.Cluster.Links;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Bench.Playback;

/// <summary>Accepts connections whose audio links flood, from some moment.</summary>
internal sealed class FloodingListener(IClusterListener inner, Task begin) : IClusterListener
{
    public Uri LocalEndPoint => inner.LocalEndPoint;

    public async ValueTask<IClusterConnection?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await inner.AcceptAsync(cancellationToken) is { } connection ? new Connection(connection, begin) : null;

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Connection(IClusterConnection inner, Task begin) : IClusterConnection
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
            await inner.AcceptAudioLinkAsync(cancellationToken) is { } link ? new FloodingLink(link, begin) : null;

        public void Abort(string reason) => inner.Abort(reason);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
