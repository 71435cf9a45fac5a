using Loophole.Cluster.Links;

namespace Loophole.Cluster.Tests.Support;

/// <summary>Passes everything on, and knows what has left: horizons with the time at which they did, and up to where every stream was sent; and what was handed over of what came.</summary>
internal sealed class LinkWatch(IAudioLink link, TimeProvider time) : IAudioLink
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, int> _channels = [];
    private readonly Dictionary<int, long> _written = [];
    private readonly List<(long Time, long Frame)> _horizons = [];
    private long _horizon;
    private long _received;
    private long _sent;

    public CancellationToken Closed => link.Closed;

    public AudioLinkException? Failure => link.Failure;

    public bool WaitsAtNetwork => link.WaitsAtNetwork;

    /// <summary>Every stream was sent up to here; 0 without streams. [any]</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>What came of the stream that came last was handed over up to here. [any]</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>The newest horizon that left at a time or before it. [any]</summary>
    public long HorizonAt(long timestamp)
    {
        lock (_gate)
        {
            return _horizons.LastOrDefault(granted => granted.Time <= timestamp).Frame;
        }
    }

    public void OpenStream(AudioStream stream, StreamDirection direction)
    {
        link.OpenStream(stream, direction);
        if (direction == StreamDirection.Send)
        {
            lock (_gate)
            {
                (_channels[stream.Id], _written[stream.Id]) = (stream.AudioChannels, 0);
            }
        }
    }

    public void CloseStream(int streamId) => link.CloseStream(streamId);

    public bool TrySend(int streamId, long startFrame, ReadOnlySpan<float> samples)
    {
        var isSent = link.TrySend(streamId, startFrame, samples);
        if (isSent)
        {
            lock (_gate)
            {
                _written[streamId] = startFrame + (samples.Length / _channels[streamId]);
            }
        }

        return isSent;
    }

    public void Grant(int streamId, long limitFrame) => link.Grant(streamId, limitFrame);

    public void GrantHorizon(long horizonFrame)
    {
        link.GrantHorizon(horizonFrame);
        _horizon = horizonFrame;
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        var flushing = link.FlushAsync(cancellationToken);
        lock (_gate)
        {
            // Whether it has completed or not, it has left.
            Interlocked.Exchange(ref _sent, _written.Values.DefaultIfEmpty(0).Min());
            if (_horizons.LastOrDefault().Frame < _horizon)
            {
                _horizons.Add((time.GetTimestamp(), _horizon));
            }
        }

        return flushing;
    }

    public ValueTask<bool> ReceiveAsync(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) => link.ReceiveAsync(new Handover(this, receiver), cancellationToken);

    public bool Receive(IAudioLinkReceiver receiver, CancellationToken cancellationToken = default) => link.Receive(new Handover(this, receiver), cancellationToken);

    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => link.CompleteAsync(cancellationToken);

    public void Abort(string reason) => link.Abort(reason);

    public ValueTask DisposeAsync() => link.DisposeAsync();

    private sealed class Handover(LinkWatch watch, IAudioLinkReceiver receiver) : IAudioLinkReceiver
    {
        public void OnBlock(in AudioBlock block)
        {
            receiver.OnBlock(block);
            Interlocked.Exchange(ref watch._received, block.Header.StartFrame + block.Header.FrameCount);
        }

        public void OnCredit(int streamId, long limitFrame) => receiver.OnCredit(streamId, limitFrame);

        public void OnHorizon(long horizonFrame) => receiver.OnHorizon(horizonFrame);
    }
}
