using Loophole.Cluster.Devices;
using Loophole.Cluster.Hub;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Playback;

/// <summary>Plays the output signal on a device. The device's callback only moves the playhead; everything that follows from that is done here, some hundred times a second.</summary>
internal sealed class DeviceLoop : IHubOutput
{
    /// <summary>How often the playhead is looked at. A lead is many times as long.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan PositionPeriod = TimeSpan.FromSeconds(1.0 / 30);

    private readonly HubSignal _signal;
    private readonly SessionFormat _format;
    private readonly IAudioDevice _device;
    private readonly OutputFeed _feed;
    private readonly IAudioCallback _callback;
    private readonly IHubEvents _events;
    private readonly TimeProvider _time;
    private readonly AsyncDoorbell _bell = new();
    private readonly HubReader _reader;

    /// <param name="signal">What is played.</param>
    /// <param name="format">What the session agrees on.</param>
    /// <param name="device">What it is played on.</param>
    /// <param name="feed">Reads the signal.</param>
    /// <param name="callback">What the device calls: the feed, or what records it.</param>
    /// <param name="events">Told of positions.</param>
    /// <param name="time">The clock.</param>
    public DeviceLoop(HubSignal signal, SessionFormat format, IAudioDevice device, OutputFeed feed, IAudioCallback callback, IHubEvents events, TimeProvider time)
    {
        (_signal, _format, _device, _feed, _callback, _events, _time) = (signal, format, device, feed, callback, events, time);
        _reader = new HubReader("", 0, _bell.Ring);
        signal.Replace(_reader);
    }

    public long Playhead => _feed.Playhead;

    public long Reached => _signal.Ring.WriteFrame;

    public async Task RunAsync(Action<long> onPlayhead, CancellationToken cancellationToken)
    {
        await FillAsync(onPlayhead, cancellationToken).ConfigureAwait(false);
        if (!_device.Ended.IsCompleted)
        {
            _device.Start(_callback);
        }

        using var timer = new PeriodicTimer(Look, _time);
        for (var told = _time.GetTimestamp() - _time.TimestampFrequency; !_device.Ended.IsCompleted; await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            Follow(onPlayhead);
            if (_time.GetElapsedTime(told) >= PositionPeriod)
            {
                // By the period and not by the look that came after it, so that there are 30 a second; what was missed is not made up for.
                told = Math.Max(told + Ticks(PositionPeriod), _time.GetTimestamp() - Ticks(PositionPeriod));
                _events.Position(new PlayPosition(_feed.Playhead, Math.Max(0, _signal.Ring.WriteFrame - _feed.Playhead), _feed.LateBlocks, _device.Xruns));
            }
        }

        await _device.Ended.ConfigureAwait(false);
    }

    /// <summary>Waits until the whole lead is there, as far as it is whole blocks, or the device has ended before it was started.</summary>
    private async Task FillAsync(Action<long> onPlayhead, CancellationToken cancellationToken)
    {
        await using var ring = cancellationToken.Register(static bell => ((AsyncDoorbell)bell!).Ring(), _bell).ConfigureAwait(false);
        _ = _device.Ended.ContinueWith(static (_, bell) => ((AsyncDoorbell)bell!).Ring(), _bell, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var filled = Playhead + _format.LeadFrames - _format.BlockFrames;
        while (_signal.Ring.WriteFrame < filled && !_device.Ended.IsCompleted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Follow(onPlayhead);
            await _bell.WaitAsync().ConfigureAwait(false);
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    private void Follow(Action<long> onPlayhead)
    {
        var playhead = _feed.Playhead;
        _reader.Release(Math.Min(playhead, _signal.Ring.WriteFrame));
        _signal.RingProducer();
        onPlayhead(playhead);
    }
}
