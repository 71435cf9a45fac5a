using Loophole.Cluster.Links;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Passes everything on. Channels, control among them, go through one function, links through another.</summary>
internal class WrappedConnection : IClusterConnection
{
    private readonly Func<IClusterChannel, IClusterChannel> _wrapChannel;
    private readonly Func<IAudioLink, IAudioLink> _wrapLink;

    public WrappedConnection(
        IClusterConnection inner, Func<IClusterChannel, IClusterChannel>? wrapChannel = null, Func<IAudioLink, IAudioLink>? wrapLink = null)
    {
        Inner = inner;
        _wrapChannel = wrapChannel ?? (channel => new WrappedChannel(channel));
        _wrapLink = wrapLink ?? (link => new WrappedLink(link));
        Control = _wrapChannel(inner.Control);
    }

    public IClusterConnection Inner { get; }

    public virtual Uri RemoteEndPoint => Inner.RemoteEndPoint;

    public virtual TransportSecurity Security => Inner.Security;

    public virtual NodeFingerprint? RemoteFingerprint => Inner.RemoteFingerprint;

    public IClusterChannel Control { get; }

    public virtual CancellationToken Closed => Inner.Closed;

    public virtual async ValueTask<IClusterChannel> OpenChannelAsync(ChannelPurpose purpose, CancellationToken cancellationToken = default) =>
        _wrapChannel(await Inner.OpenChannelAsync(purpose, cancellationToken));

    public virtual async ValueTask<IClusterChannel?> AcceptChannelAsync(CancellationToken cancellationToken = default) =>
        await Inner.AcceptChannelAsync(cancellationToken) is { } channel ? _wrapChannel(channel) : null;

    public virtual async ValueTask<IAudioLink> OpenAudioLinkAsync(CancellationToken cancellationToken = default) =>
        _wrapLink(await Inner.OpenAudioLinkAsync(cancellationToken));

    public async ValueTask<IAudioLink?> AcceptAudioLinkAsync(CancellationToken cancellationToken = default) =>
        await Inner.AcceptAudioLinkAsync(cancellationToken) is { } link ? _wrapLink(link) : null;

    public virtual void Abort(string reason) => Inner.Abort(reason);

    public virtual ValueTask DisposeAsync() => Inner.DisposeAsync();
}
