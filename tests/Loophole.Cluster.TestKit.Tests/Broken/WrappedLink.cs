using Loophole.Cluster.Links;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Passes everything on.</summary>
internal class WrappedLink(IAudioLink inner) : IAudioLink
{
    public virtual CancellationToken Closed => inner.Closed;

    public virtual AudioLinkException? Failure => inner.Failure;

    public virtual bool WaitsAtNetwork => inner.WaitsAtNetwork;

    public virtual void OpenStream(AudioStream stream, StreamDirection direction) => inner.OpenStream(stream, direction);

    public virtual void CloseStream(int streamId) => inner.CloseStream(streamId);

    public virtual bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples) => inner.TrySend(streamId, startFrame, samples);

    public virtual void Grant(int streamId, long limitFrame) => inner.Grant(streamId, limitFrame);

    public virtual void GrantHorizon(long horizonFrame) => inner.GrantHorizon(horizonFrame);

    public virtual ValueTask FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public virtual ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) =>
        inner.ReceiveAsync(receiver, cancellationToken);

    public virtual bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) => inner.Receive(receiver, cancellationToken);

    public virtual ValueTask CompleteAsync(CancellationToken cancellationToken = default) => inner.CompleteAsync(cancellationToken);

    public virtual void Abort(string reason) => inner.Abort(reason);

    public virtual ValueTask DisposeAsync() => inner.DisposeAsync();
}
