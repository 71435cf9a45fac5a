using System.Collections.Immutable;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Hub;
using Loophole.Cluster.Live;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rings;

namespace Loophole.Cluster.Playback;

/// <summary>A device that plays, what is live on it, and what is recorded of it.</summary>
internal sealed class Playing : IAsyncDisposable
{
    private readonly IAudioDevice _device;
    private readonly PlayCommand _command;
    private readonly AsyncDoorbell _bell = new();
    private readonly LiveCohort? _firstLive;
    private readonly RecordingSet _recordings;
    private Dictionary<int, InputFeed> _inputOf = [];
    private OutputFeed? _feed;
    private DeviceLoop? _loop;
    private GuardedCallback? _guard;
    private TimedCallback? _timed;

    private Playing(IAudioDevice device, PlayCommand command, LiveCohort? live, RecordingSet recordings) => (_device, _command, _firstLive, _recordings) = (device, command, live, recordings);

    /// <summary>How the device was opened.</summary>
    public AudioDeviceFormat Format => _device.Format;

    /// <summary>What is rendered in the callback (<c>SubgraphPlan.Id</c>), or <see langword="null"/>.</summary>
    public string? LiveId => Live?.Plan.Id;

    /// <summary>What is rendered in the callback, or <see langword="null"/>.</summary>
    public LiveCohort? Live => _loop is null ? _firstLive : _loop.Parts.Live;

    /// <summary>What is handed to inserts.</summary>
    public IEnumerable<PlanSignal> Sent => Live?.Sent ?? [];

    /// <summary>Whether a signal that is live's to read is rendered ahead: not what the device hears, nor what comes out of an insert.</summary>
    public bool IsRenderedAhead(PlanSignal signal) => !_inputOf.ContainsKey(signal.Id) && !_command.Returns.Any(heard => heard.Signal == signal);

    /// <summary>What plays.</summary>
    public OutputFeed Feed => _feed!;

    /// <summary>The signals that the callback reads. After <see cref="Begin"/>.</summary>
    public ImmutableArray<HeardSignal> Heard => _loop!.Parts.Heard;

    /// <summary>How far is rendered ahead.</summary>
    public int LeadFrames => _loop!.LeadFrames;

    /// <summary>What the device's calls took together. [any]</summary>
    public double CallbackSeconds => _timed?.Seconds ?? 0;

    /// <summary>Whether it has begun.</summary>
    public bool HasBegun => _feed is not null;

    /// <summary>Opens the device that is asked for.</summary>
    /// <param name="command">What is asked for.</param>
    /// <param name="hosts">The kinds of devices there are.</param>
    /// <param name="live">What is rendered in the callback, or <see langword="null"/>.</param>
    /// <param name="recordings">What is recorded; this one's once it is open.</param>
    /// <exception cref="ControlException">It is not there, or refuses.</exception>
    public static Playing Open(PlayCommand command, IReadOnlyList<IAudioDeviceHost> hosts, LiveCohort? live, RecordingSet recordings)
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
                InputChannels = command.DeviceInputChannels,
                OutputChannels = command.Start.OutputAudioChannels,
                HearsNotes = HearsNotes(command, live),
            }), command, live, recordings);
        }
        catch (Exception refused) when (refused is AudioDeviceException or ArgumentException)
        {
            throw new ControlException("device", refused.Message);
        }
    }

    private static bool HearsNotes(PlayCommand command, LiveCohort? live) => !command.NoteTakes.IsEmpty || live?.HearsNotes == true;

    /// <summary>Makes the loop that plays.</summary>
    /// <param name="signals">Every signal that is made anywhere.</param>
    /// <param name="events">Told of positions.</param>
    /// <param name="time">The clock.</param>
    public DeviceLoop Begin(ImmutableDictionary<int, HubSignal> signals, IHubEvents events, TimeProvider time)
    {
        var start = _command.Start;
        _recordings.Begin(time);
        InputFeed[] inputs = [.. _command.Inputs.Select((input, at) => new InputFeed(input.AudioChannels, input.DeviceChannels, start.Format.HubRingFrames + Format.BlockFrames, start.SkipFrames, _recordings.Takes[at]))];
        _inputOf = _command.Inputs.Zip(inputs).Where(pair => pair.First.SignalId >= 0).ToDictionary(pair => pair.First.SignalId, pair => pair.Second);
        var notes = HearsNotes(_command, _firstLive) ? new NoteFeed(_recordings.NoteTakes) : null;
        var parts = Prepare(_firstLive, notes, signals);
        _feed = new OutputFeed(parts.Signal, start.SkipFrames, inputs) { Notes = notes };
        var callback = _recordings.Output is { } recording ? new RecordedCallback(_feed, recording) : (IAudioCallback)_feed;
        _timed = new TimedCallback(callback, Format.SampleRate, time);
        _guard = AudioThread.IsGuarded ? new GuardedCallback(_timed) : null;
        return _loop = new DeviceLoop(parts, _bell, new AdaptiveLead(_command.LeadFrames, start.Format.LeadFrames, start.Format.BlockFrames, start.Format.SampleRate), start.Format.BlockFrames, _device, _feed, (IAudioCallback?)_guard ?? _timed, events, time);
    }

    /// <summary>Makes what is to be played ready, from a frame that is not heard yet. [control]</summary>
    /// <param name="live">What of it is rendered in the callback, or <see langword="null"/>.</param>
    /// <param name="signals">Every signal that is made anywhere.</param>
    public PlayedParts Prepare(LiveCohort? live, ImmutableDictionary<int, HubSignal> signals) => Prepare(live, _feed!.Notes, signals);

    /// <summary>Plays other parts from now on. [one caller]</summary>
    public void Turn(PlayedParts parts)
    {
        var before = _loop!.Parts;
        _feed!.Turn(parts.Signal);
        _loop.Turn(parts);
        before.Leave();
    }

    private PlayedParts Prepare(LiveCohort? live, NoteFeed? notes, ImmutableDictionary<int, HubSignal> signals)
    {
        ImmutableArray<HeardSignal> heard = live is null
            ? [new HeardSignal(signals[_command.Start.OutputSignalId], 0)]
            : [.. live.Plan.Inputs.Where(signal => !_inputOf.ContainsKey(signal.Id)).Select(Heard)];
        HubSignal[] sent = live is null ? [] : [.. live.Sent.Select(signal => signals[signal.Id])];
        live?.Connect(notes, [.. live.Plan.Inputs.Select(Feed)], [.. sent.Select(signal => signal.Ring)]);
        return new PlayedParts((IPlayedSignal?)live ?? new EdgeFeed(heard[0].Signal.Ring, heard[0].Signal.Gaps), live, heard, sent, _bell.Ring);

        HeardSignal Heard(PlanSignal signal) => _command.Returns.FirstOrDefault(heard => heard.Signal == signal) is { DelayFrames: > 0 } later
            ? new HeardSignal(signals[later.SourceId], later.DelayFrames)
            : new HeardSignal(signals[signal.Id], 0);

        ILiveInput Feed(PlanSignal signal)
        {
            if (_inputOf.TryGetValue(signal.Id, out var input))
            {
                return input;
            }

            var read = Heard(signal);
            var edge = new EdgeFeed(read.Signal.Ring, read.Signal.Gaps);
            return read.DelayFrames > 0 ? new ReturnFeed(edge, read.DelayFrames) : edge;
        }
    }

    /// <summary>Plays nothing from some frame on until <see cref="GoOn"/>. [one caller]</summary>
    /// <param name="notBefore">The earliest frame that is of use.</param>
    /// <param name="reactionFrames">How far it is ahead of what is heard at the least.</param>
    /// <param name="holdsLive">Whether what is rendered in the callback is held too, until <see cref="GoOnLive"/>.</param>
    /// <returns>The frame.</returns>
    public long Hold(long notBefore, int reactionFrames, bool holdsLive)
    {
        while (true)
        {
            var frame = Math.Max(notBefore, _feed!.Playhead + reactionFrames);
            frame = holdsLive ? Live!.Hold(frame) : frame;
            if (_feed.TryHold(frame))
            {
                return frame;
            }
        }
    }

    /// <summary>Ends a hold of what was rendered ahead. [one caller]</summary>
    public void GoOn() => _feed!.GoOn();

    /// <summary>Ends a hold of what is rendered in the callback, if there is one. [one caller]</summary>
    public void GoOnLive() => Live?.GoOn();

    /// <summary>Stops the device: nothing is heard, and nothing is called any more.</summary>
    public ValueTask StopAsync() => _device.DisposeAsync();

    /// <summary>What was played; completes the recordings. After <see cref="StopAsync"/>.</summary>
    /// <exception cref="ControlException">A recording cannot be completed, or the device ended with an error, be it the last of its disposal.</exception>
    public async Task<PlayEnded> CompleteAsync()
    {
        try
        {
            var hash = await _recordings.CompleteAsync().ConfigureAwait(false);
            return _device.Ended.Exception?.InnerException is AudioDeviceException lost
                ? throw new ControlException("device", lost.Message)
                : new PlayEnded(_feed!.Playhead - _command.Start.SkipFrames, _feed.MissingFrames, _feed.LateBlocks, _device.Xruns, hash, _recordings.LostFrames, _guard?.Faults, _timed!.Times);
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
        await _recordings.DisposeAsync().ConfigureAwait(false);
    }
}
