using Loophole.Cluster.Devices;
using Loophole.Cluster.Hub;
using Loophole.Cluster.Live;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Playback;

/// <summary>A device that plays, and what is recorded of it.</summary>
internal sealed class Playing : IAsyncDisposable
{
    /// <summary>What may wait for the disk.</summary>
    private const int RecordingSeconds = 5;

    private readonly IAudioDevice _device;
    private readonly LiveCohort? _live;
    private readonly IRenderSink? _sink;
    private readonly StartCommand _command;
    private OutputFeed? _feed;
    private Recording? _recording;
    private GuardedCallback? _guard;

    private Playing(IAudioDevice device, StartCommand command, LiveCohort? live, IRenderSink? sink) => (_device, _command, _live, _sink) = (device, command, live, sink);

    /// <summary>How the device was opened.</summary>
    public AudioDeviceFormat Format => _device.Format;

    /// <summary>What is rendered in the callback (<c>SubgraphPlan.Id</c>), or <see langword="null"/>.</summary>
    public string? LiveId => _live?.Plan.Id;

    /// <summary>The signals that the callback reads, in order.</summary>
    public IEnumerable<int> Heard => _live?.Plan.Inputs.Select(signal => signal.Id) ?? [_command.OutputSignalId];

    /// <summary>Whether it has begun.</summary>
    public bool HasBegun => _feed is not null;

    /// <summary>Opens the device that is asked for.</summary>
    /// <exception cref="ControlException">It is not there, or refuses.</exception>
    public static Playing Open(PlayCommand command, IReadOnlyList<IAudioDeviceHost> hosts, LiveCohort? live, IRenderSink? sink)
    {
        var kind = command.Device.Split(':')[0];
        var host = hosts.FirstOrDefault(host => host.Name == kind)
            ?? throw new ControlException("device", $"There is no device \"{command.Device}\": this Signal has {string.Join(", ", hosts.Select(host => host.Name))}.");
        try
        {
            return new Playing(host.Open(new AudioDeviceRequest
            {
                DeviceId = command.Device,
                SampleRate = command.Start.Format.SampleRate,
                BlockFrames = command.DeviceBlockFrames == 0 ? null : command.DeviceBlockFrames,
                OutputChannels = command.Start.OutputAudioChannels,
            }), command.Start, live, sink);
        }
        catch (Exception refused) when (refused is AudioDeviceException or ArgumentException)
        {
            throw new ControlException("device", refused.Message);
        }
    }

    /// <summary>Makes the loop that plays.</summary>
    /// <param name="heard">As <see cref="Heard"/>.</param>
    /// <param name="events">Told of positions.</param>
    /// <param name="time">The clock.</param>
    public DeviceLoop Begin(HubSignal[] heard, IHubEvents events, TimeProvider time)
    {
        EdgeFeed[] edges = [.. heard.Select(signal => new EdgeFeed(signal.Ring))];
        _live?.Connect(edges);
        _feed = new OutputFeed((IPlayedSignal?)_live ?? edges[0], _command.SkipFrames);
        _recording = _sink is null ? null : new Recording(_feed, _sink, _command.OutputAudioChannels, RecordingSeconds * _command.Format.SampleRate, time);
        var callback = (IAudioCallback?)_recording ?? _feed;
        _guard = AudioThread.IsGuarded ? new GuardedCallback(callback) : null;
        return new DeviceLoop(heard, _live, _command.Format, _device, _feed, _guard ?? callback, events, time);
    }

    /// <summary>Plays nothing from some frame on until <see cref="GoOn"/>. [one caller]</summary>
    /// <param name="notBefore">The earliest frame that is of use.</param>
    /// <param name="reactionFrames">How far it is ahead of what is heard at the least.</param>
    /// <param name="holdsLive">Whether what is rendered in the callback is held too, until its events are revised.</param>
    /// <returns>The frame.</returns>
    public long Hold(long notBefore, int reactionFrames, bool holdsLive)
    {
        while (true)
        {
            var frame = Math.Max(notBefore, _feed!.Playhead + reactionFrames);
            frame = holdsLive ? _live!.Hold(frame) : frame;
            if (_feed.TryHold(frame))
            {
                return frame;
            }
        }
    }

    /// <summary>Ends a hold of what was rendered ahead. [one caller]</summary>
    public void GoOn() => _feed!.GoOn();

    /// <summary>Stops the device: nothing is heard, and nothing is called any more.</summary>
    public ValueTask StopAsync() => _device.DisposeAsync();

    /// <summary>What was played; completes the recording. After <see cref="StopAsync"/>.</summary>
    /// <exception cref="ControlException">The recording cannot be completed.</exception>
    public async Task<PlayEnded> CompleteAsync()
    {
        try
        {
            var hash = _recording is null ? "" : await _recording.CompleteAsync().ConfigureAwait(false);
            return new PlayEnded(_feed!.Playhead - _command.SkipFrames, _feed.MissingFrames, _feed.LateBlocks, _device.Xruns, hash, _recording?.LostFrames ?? 0, _guard?.Faults);
        }
        catch (IOException failure)
        {
            throw new ControlException("output", failure.Message);
        }
    }

    /// <summary>Stops the device and writes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _device.DisposeAsync().ConfigureAwait(false);
        if (_recording is not null)
        {
            await _recording.DisposeAsync().ConfigureAwait(false);
        }
    }
}
