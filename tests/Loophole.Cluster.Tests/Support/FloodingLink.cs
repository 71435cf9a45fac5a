using Loophole.Cluster.Links;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Passes everything on, but grants credit a frame at a time, all at once, or grants horizons.</summary>
internal sealed class FloodingLink(IAudioLink link, bool grantsHorizons) : IAudioLink
{
    private readonly Dictionary<int, long> _granted = [];

    public CancellationToken Closed => link.Closed;

    public AudioLinkException? Failure => link.Failure;

    public bool WaitsAtNetwork => link.WaitsAtNetwork;

    public void OpenStream(AudioStream stream, StreamDirection direction)
    {
        link.OpenStream(stream, direction);
        _granted[stream.Id] = stream.StartFrame;
    }

    public void CloseStream(int streamId) => link.CloseStream(streamId);

    public bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples) => link.TrySend(streamId, startFrame, samples);

    public void Grant(int streamId, long limitFrame)
    {
        if (grantsHorizons)
        {
            link.GrantHorizon(1);
            link.Grant(streamId, limitFrame);
            return;
        }

        for (; _granted[streamId] < limitFrame; _granted[streamId]++)
        {
            link.Grant(streamId, _granted[streamId] + 1);
        }
    }

    public void GrantHorizon(long horizonFrame) => link.GrantHorizon(horizonFrame);

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => link.FlushAsync(cancellationToken);

    public ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) => link.ReceiveAsync(receiver, cancellationToken);

    public bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) => link.Receive(receiver, cancellationToken);

    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => link.CompleteAsync(cancellationToken);

    public void Abort(string reason) => link.Abort(reason);

    public ValueTask DisposeAsync() => link.DisposeAsync();
}
