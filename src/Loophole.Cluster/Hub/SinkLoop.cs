using Loophole.Cluster.Messages;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Hub;

/// <summary>Moves the output signal into the sink. Its position is the playhead of an offline render.</summary>
internal sealed class SinkLoop : IHubOutput
{
    private readonly HubSignal _signal;
    private readonly StartCommand _command;
    private readonly IRenderSink _sink;
    private readonly IHubEvents _events;
    private readonly AsyncDoorbell _bell = new();
    private readonly HubReader _reader;
    private long _playhead;

    public SinkLoop(HubSignal signal, StartCommand command, IRenderSink sink, IHubEvents events)
    {
        (_signal, _command, _sink, _events) = (signal, command, sink, events);
        _reader = new HubReader("", 0, _bell.Ring);
        signal.Replace(_reader);
    }

    /// <summary>Frames before this one are in the sink. [any]</summary>
    public long Playhead => Volatile.Read(ref _playhead);

    public int LeadFrames => _command.Format.LeadFrames;

    public long Reached => Playhead;

    public async Task RunAsync(Action<long> onPlayhead, CancellationToken cancellationToken)
    {
        await using var ring = cancellationToken.Register(static bell => ((AsyncDoorbell)bell!).Ring(), _bell).ConfigureAwait(false);
        var end = _command.Format.EndFrame;
        while (_playhead < end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var available = Math.Min(_signal.Ring.WriteFrame, end) - _playhead;
            if (available <= 0)
            {
                await _bell.WaitAsync().ConfigureAwait(false);
                continue;
            }

            var frames = _signal.Ring.Contiguous(_playhead, available);
            var skip = (int)Math.Clamp(_command.SkipFrames - _playhead, 0, frames);
            _sink.Write(_signal.Ring.Memory(_playhead + skip, frames - skip).Span);
            Volatile.Write(ref _playhead, _playhead + frames);
            _reader.Release(_playhead);
            _signal.RingProducer();
            onPlayhead(_playhead);
        }

        _events.Finished(new RenderingFinished(end - _command.SkipFrames, _sink.Complete()));
    }
}
