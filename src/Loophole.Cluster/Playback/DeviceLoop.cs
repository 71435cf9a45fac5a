using Loophole.Cluster.Devices;
using Loophole.Cluster.Hub;
using Loophole.Cluster.Live;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Playback;

/// <summary>Plays on a device. The device's callback only moves the playhead; everything that follows from that is done here, some hundred times a second.</summary>
internal sealed class DeviceLoop : IHubOutput
{
    /// <summary>How often the playhead is looked at. A lead is many times as long.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan PositionPeriod = TimeSpan.FromSeconds(1.0 / 30);

    private readonly AdaptiveLead _lead;
    private readonly int _blockFrames;
    private readonly IAudioDevice _device;
    private readonly OutputFeed _feed;
    private readonly IAudioCallback _callback;
    private readonly IHubEvents _events;
    private readonly TimeProvider _time;
    private readonly AsyncDoorbell _bell;
    private volatile PlayedParts _parts;

    /// <param name="parts">What is played at first.</param>
    /// <param name="bell">Rung when a signal of it grew.</param>
    /// <param name="lead">How far is rendered ahead.</param>
    /// <param name="blockFrames">Block size of the grid.</param>
    /// <param name="device">What it is played on.</param>
    /// <param name="feed">Plays.</param>
    /// <param name="callback">What the device calls: the feed, or what records it.</param>
    /// <param name="events">Told of positions.</param>
    /// <param name="time">The clock.</param>
    public DeviceLoop(PlayedParts parts, AsyncDoorbell bell, AdaptiveLead lead, int blockFrames, IAudioDevice device, OutputFeed feed, IAudioCallback callback, IHubEvents events, TimeProvider time)
    {
        (_parts, _bell, _lead, _blockFrames) = (parts, bell, lead, blockFrames);
        (_device, _feed, _callback, _events, _time) = (device, feed, callback, events, time);
    }

    public long Playhead => _feed.Playhead;

    public int LeadFrames => _lead.Frames;

    public long Reached => _feed.Reached;

    /// <summary>What is played.</summary>
    public PlayedParts Parts => _parts;

    /// <summary>Follows other parts from now on. Inserts stay as they are. [one caller]</summary>
    public void Turn(PlayedParts parts) => _parts = parts;

    public async Task RunAsync(Action<long> onPlayhead, CancellationToken cancellationToken)
    {
        using var pump = _parts is { Sent: { Length: > 0 } sent } ? new InsertPump(() => _parts.Live!, _feed, sent, _bell.Ring, TimeSpan.FromSeconds((double)_device.Format.BlockFrames / _device.Format.SampleRate), _device.IsRealTime, _time) : null;
        await FillAsync(onPlayhead, cancellationToken).ConfigureAwait(false);
        if (!_device.Ended.IsCompleted)
        {
            _device.Start(_callback);
        }

        using var timer = new PeriodicTimer(Look, _time);
        for (var told = _time.GetTimestamp() - _time.TimestampFrequency; !_device.Ended.IsCompleted; await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            var playhead = Follow(onPlayhead);
            _lead.Observe(playhead, Reached);
            if (_time.GetElapsedTime(told) >= PositionPeriod)
            {
                // By the period and not by the look that came after it, so that there are 30 a second; what was missed is not made up for.
                told = Math.Max(told + Ticks(PositionPeriod), _time.GetTimestamp() - Ticks(PositionPeriod));
                _events.Position(new PlayPosition(playhead, Math.Clamp(Reached - playhead, 0, LeadFrames), LeadFrames, _parts.Live?.Answered - playhead, _feed.LateBlocks, _device.Xruns));
            }
        }

        await _device.Ended.ConfigureAwait(false);
    }

    /// <summary>Waits until the whole lead is there, as far as it is whole blocks, and what is live can begin, or until the device has ended before it was started.</summary>
    private async Task FillAsync(Action<long> onPlayhead, CancellationToken cancellationToken)
    {
        await using var ring = cancellationToken.Register(static bell => ((AsyncDoorbell)bell!).Ring(), _bell).ConfigureAwait(false);
        _ = _device.Ended.ContinueWith(static (_, bell) => ((AsyncDoorbell)bell!).Ring(), _bell, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var filled = Playhead + LeadFrames - _blockFrames;
        for (Follow(onPlayhead); (Reached < filled || _parts.Live?.IsReady == false) && !_device.Ended.IsCompleted; Follow(onPlayhead))
        {
            await _bell.WaitAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);

    /// <returns>The playhead for which all that has been done.</returns>
    private long Follow(Action<long> onPlayhead)
    {
        var playhead = _feed.Playhead;
        var parts = _parts;
        if (parts.Sent.Length == 0)
        {
            parts.Live?.Follow(_feed);
        }
        else
        {
            // The pump does more, and does it sooner; but whoever is told of a position may rely on what comes after it being known there.
            parts.Live?.Prepare(playhead);
        }

        if (parts.Live?.Failure is { } failure)
        {
            throw new InvalidOperationException($"What is rendered in the audio callback cannot be rendered any more: {failure.Message}", failure);
        }

        parts.Release(Math.Min(playhead, parts.Live?.Position ?? playhead));
        onPlayhead(playhead);
        return playhead;
    }
}
