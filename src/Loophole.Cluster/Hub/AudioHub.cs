using System.Collections.Immutable;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Live;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Rings;
using Loophole.Cluster.Signals;

namespace Loophole.Cluster.Hub;

/// <summary>Where all audio converges: keeps every crossing signal, passes it on, feeds the sink or the device, grants the horizon, and knows the newest checkpoints.</summary>
/// <remarks>Commands come one at a time, from Pulse's connection.</remarks>
internal sealed class AudioHub(HubDialer dialer, IRenderSinkFactory sinks, INoteSinkFactory? noteSinks, IReadOnlyList<IAudioDeviceHost> devices, IHubEvents events, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long the playhead may stand still before whoever holds it up is given up.</summary>
    public static readonly TimeSpan StallDeadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromMilliseconds(100);

    private readonly CheckpointStore _checkpoints = new();
    private readonly ReleasedSubgraphs _released = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly HubRoutes _routes = new();
    private readonly HubPlayhead _playhead = new();
    private ImmutableDictionary<int, int> _budgets = ImmutableDictionary<int, int>.Empty;
    private ImmutableDictionary<Guid, HubLink> _links = ImmutableDictionary<Guid, HubLink>.Empty;
    private ImmutableDictionary<int, HubSignal> _signals = ImmutableDictionary<int, HubSignal>.Empty;
    private StartCommand? _command;
    private IRenderSink? _sink;
    private Playing? _playing;
    private HubTurn? _turn;
    private GapWatch? _gaps;
    private Task _running = Task.CompletedTask;
    private long _lastProgress;

    /// <summary>What the calls of the device that is played on took together; 0 where nothing is. [control]</summary>
    public double CallbackSeconds => _playing?.CallbackSeconds ?? 0;

    /// <summary>How what every node renders comes here; what it was ahead by is that since the last call. [control]</summary>
    public LinksReport TakeLinks() => new(_command?.Format, _playing is not null, [.. _links.Values.SelectMany(link => link.TakeCounts())]);

    /// <summary>Opens the audio link to a node.</summary>
    /// <exception cref="ControlException">The node cannot be reached or does not want us.</exception>
    public async Task<NodeConnected> ConnectNodeAsync(ConnectNodeCommand node, CancellationToken cancellationToken)
    {
        if (_links.ContainsKey(node.Node))
        {
            throw new ControlException("connected", $"The host has a link to {node.Name} already.");
        }

        var link = await dialer.DialAsync(node, _checkpoints, cancellationToken).ConfigureAwait(false);
        _links = _links.SetItem(node.Node, link);
        link.Start((ended, reason) =>
        {
            // A link that was dropped or disposed on purpose is no longer in the table.
            if (_links.TryGetValue(ended.Node, out var current) && current == ended)
            {
                events.NodeFailed(new NodeFailed(ended.Node, reason));
            }
        });
        return new NodeConnected(link.EndPoint);
    }

    /// <summary>Opens the sink and every stream, lets the nodes begin, and renders to the end in the background.</summary>
    /// <exception cref="ControlException">The command contradicts itself, or the sink cannot be opened.</exception>
    public async Task StartAsync(StartCommand command, CancellationToken cancellationToken)
    {
        Check(command, command.FindFault([]));
        _sink = OpenSink(command);
        await RunAsync(command, [], () => new SinkLoop(_signals[command.OutputSignalId], command, _sink, events), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the device and every stream, lets the nodes begin, and plays in the background as soon as there is enough.</summary>
    /// <exception cref="ControlException">The command contradicts itself, or the device or the recording cannot be opened.</exception>
    public async Task<PlayStarted> PlayAsync(PlayCommand command, LiveCohort? live, CancellationToken cancellationToken)
    {
        Check(command.Start, command.FindFault(live));
        var recordings = RecordingSet.Open(command, sinks, noteSinks);
        try
        {
            _playing = Playing.Open(command, devices, live, recordings);
        }
        catch
        {
            await recordings.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var playing = _playing;
        _gaps = new GapWatch(events, signalId => Backlog.FindLate(signalId));
        _checkpoints.Floor = 0;
        _budgets = command.Returns.GroupBy(heard => heard.SourceId).ToImmutableDictionary(insert => insert.Key, insert => insert.Min(heard => heard.DelayFrames));
        await RunAsync(command.Start, live?.Sent ?? [], () => playing.Begin(_signals, events, time), cancellationToken).ConfigureAwait(false);
        return new PlayStarted(playing.Format.SampleRate, playing.Format.BlockFrames, playing.Format.OutputChannels, playing.Format.HearsNotes);
    }

    /// <summary>Stops the device and completes the recording.</summary>
    /// <exception cref="ControlException">Nothing is played, or the recording cannot be completed.</exception>
    public async Task<PlayEnded> StopAsync()
    {
        var playing = _playing is { HasBegun: true } begun ? begun : throw NotPlaying();
        // First the device: what has just left the callback is rendered for it to the last.
        await playing.StopAsync().ConfigureAwait(false);
        _turn?.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Told before the answer is, and nothing is heard any more.
        _gaps!.Look(playing.Heard, playing.Feed.Playhead);
        _gaps.Look([], playing.Feed.Playhead);
        return await playing.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Cuts the link to a lost node and says from where subgraphs can go on.</summary>
    public async Task<CheckpointList> DropNodeAsync(DropNodeCommand command)
    {
        if (_links.TryGetValue(command.Node, out var link))
        {
            _links = _links.Remove(command.Node);
            await link.DisposeAsync().ConfigureAwait(false);
        }

        return new CheckpointList([.. _routes.All.Select(route => PositionOf(route.SubgraphId))]);
    }

    /// <summary>Takes back what subgraphs have made from some frame on, as early as it can be done unheard, and lets them rest until they are moved.</summary>
    /// <exception cref="ControlException">Nothing is played, or the command contradicts itself.</exception>
    public CutMade Cut(CutCommand command)
    {
        var playing = _playing is { HasBegun: true } begun ? begun : throw NotPlaying();
        if (command.FindFault(_command!.Format) is { } fault)
        {
            throw new ControlException("badCut", $"This cannot be cut: {fault}.");
        }

        // What the host renders of what has just left the callback is rendered anew as well, by its node.
        _turn?.Dispose();
        var isLiveCut = playing.LiveId is { } live && command.SubgraphIds.Contains(live);
        var ahead = isLiveCut ? command.SubgraphIds.Remove(playing.LiveId!) : command.SubgraphIds;
        var routes = ahead.Select(id => _routes.Find(id) ?? throw new ControlException("badCut", $"There is no subgraph {id}.")).ToArray();
        foreach (var route in routes)
        {
            if (_links.TryGetValue(route.Node, out var link))
            {
                link.Remove(route.SubgraphId);
            }
        }

        // Whoever has taken something over changes nothing before the frame at which it has.
        var earliest = routes.Select(route => _checkpoints.Of(route.SubgraphId).Beginning).Append(_turn?.LeftFrame ?? 0).Append(command.NotBefore).Max();
        var frame = playing.Hold(earliest, command.ReactionFrames, isLiveCut);
        foreach (var route in routes)
        {
            _checkpoints.Of(route.SubgraphId).Cut(frame);
            foreach (var output in route.Outputs)
            {
                _signals[output.SignalId].Cut(frame);
            }
        }

        playing.GoOn();
        _routes.Rest(ahead);
        return new CutMade(frame, [.. command.SubgraphIds.Select(id => id == playing.LiveId ? new CheckpointPosition(id, frame) : PositionOf(id))]);
    }

    /// <summary>Lets subgraphs go on, each from its newest checkpoint: elsewhere, or after a cut. So does what is rendered in the callback.</summary>
    /// <exception cref="ControlException">The node is not connected, the one before it was not dropped and the subgraph does not rest, or a route does not start at the checkpoint.</exception>
    public async Task MoveAsync(MoveCommand command, CancellationToken cancellationToken)
    {
        if (command.Routes.Contains(null!))
        {
            throw new ControlException("badMove", "A route is null.");
        }

        foreach (var route in command.Routes)
        {
            var (position, checkpoint) = _checkpoints.Of(route.SubgraphId).Newest();
            if (!_routes.MayMove(route, position, _links.ContainsKey))
            {
                throw new ControlException("badMove", $"Subgraph {route.SubgraphId} cannot go on at frame {route.StartFrame} on node {route.Node:N}.");
            }

            _routes.Set(route);
            await _links[route.Node].AddAsync(route, _command!.Format, _signals, checkpoint, cancellationToken).ConfigureAwait(false);
        }

        // Everybody whom a change concerns has been told of it by now.
        _playing?.GoOnLive();
    }

    /// <summary>Takes subgraphs from their nodes, for others to go on from what they have come to.</summary>
    /// <exception cref="ControlException">Nothing is played, what is live changes, or there is no such subgraph.</exception>
    public CheckpointList Release(ReleaseCommand command)
    {
        if (_playing is not { HasBegun: true })
        {
            throw NotPlaying();
        }

        if (_turn?.IsUnderWay == true || command.SubgraphIds.Distinct().Count() < command.SubgraphIds.Length || command.SubgraphIds.Any(id => id is null || _routes.Find(id) is null))
        {
            throw new ControlException("badRelease", "These subgraphs cannot be taken from their nodes: what is live changes, or one of them is not there.");
        }

        // What the host renders of what has just left the callback, its node does.
        _turn?.Dispose();
        return new CheckpointList([.. command.SubgraphIds.Select(id => Release(_routes.Find(id)!))]);
    }

    private CheckpointPosition Release(SubgraphRoute route)
    {
        if (_links.TryGetValue(route.Node, out var link))
        {
            link.Remove(route.SubgraphId);
        }

        _routes.Remove(route.SubgraphId);
        return _released.Keep(route, _checkpoints);
    }

    /// <summary>Lets something else be rendered in the audio callback, as soon as that can be done unheard. What is retired is taken from its node.</summary>
    /// <exception cref="ControlException">Nothing is played, the last turn is not over, or the command contradicts itself.</exception>
    public TurnBegun Turn(TurnCommand command, RenderNode node)
    {
        var playing = _playing is { HasBegun: true } begun ? begun : throw NotPlaying();
        if (FindFault(command, playing, node) is { } fault)
        {
            throw new ControlException("badTurn", $"What is live cannot be changed like this: {fault}.");
        }

        foreach (var plan in command.Retired)
        {
            if (_links.TryGetValue(_routes.Find(plan.Id)!.Node, out var link))
            {
                link.Remove(plan.Id);
            }

            _routes.Remove(plan.Id);
        }

        // Forgotten before anything new is there: what nobody makes any more would be out of date when somebody makes it again.
        var made = _routes.All.SelectMany(route => route.Outputs).Select(stream => stream.SignalId).Concat(command.Retired.SelectMany(plan => plan.Outputs).Concat(playing.Sent).Select(signal => signal.Id)).ToHashSet();
        _signals = _signals.RemoveRange(_signals.Keys.Where(id => !made.Contains(id)));
        AddSignals((command.HasLive ? node.Live!.Plan.Inputs : []).Where(playing.IsRenderedAhead).Concat(command.Leaving?.Outputs ?? []));
        _turn ??= new HubTurn(node, _checkpoints, events, time);
        return _turn.Begin(command, playing, _signals, _command!.Format);
    }

    /// <summary>Takes subgraphs on that go on from what others have come to.</summary>
    /// <exception cref="ControlException">A route contradicts what is there, or does not start where the other subgraph has come to.</exception>
    public async Task PlaceAsync(PlaceCommand command, CancellationToken cancellationToken)
    {
        foreach (var placed in command.Routes)
        {
            if (placed?.Route is not { } route || !_routes.MayPlace(route) || !route.Inputs.All(input => _signals.TryGetValue(input.SignalId, out var signal) && signal.Ring.AudioChannels == input.AudioChannels))
            {
                throw new ControlException("badPlace", $"Subgraph {placed?.Route?.SubgraphId} cannot be placed: its route contradicts what is there.");
            }

            var checkpoint = _released.Begin(placed, _checkpoints) ?? _turn?.Place(placed) ?? throw new ControlException("badPlace", $"Nothing is left of subgraph {placed.Before}.");
            AddSignals(route.Outputs.Select(stream => new PlanSignal(stream.SignalId, stream.AudioChannels)));
            foreach (var output in route.Outputs)
            {
                _signals[output.SignalId].BeginAt(route.StartFrame);
            }

            _routes.Set(route);
            if (_links.TryGetValue(route.Node, out var link))
            {
                await link.AddAsync(route, _command!.Format, _signals, checkpoint, cancellationToken).ConfigureAwait(false);
            }
        }

        _released.Forget(_signals);
    }

    /// <summary>Stops; an unfinished file disappears.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _turn?.Dispose();
        if (_playing is not null)
        {
            await _playing.DisposeAsync().ConfigureAwait(false);
        }

        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sink?.Dispose();
        foreach (var link in Interlocked.Exchange(ref _links, ImmutableDictionary<Guid, HubLink>.Empty).Values)
        {
            await link.DisposeAsync().ConfigureAwait(false);
        }

        _ending.Dispose();
    }

    private string? FindFault(TurnCommand command, Playing playing, RenderNode node) =>
        command.FindFault(_command!.Format) is { } fault ? fault
        : _turn?.IsUnderWay == true ? "the last change is not over"
        : command.HasLive && node.Live is null ? "nothing was made ready"
        : !playing.Sent.ToHashSet().SetEquals(command.HasLive ? node.Live!.Sent : []) ? "something else would be handed to inserts"
        : command.Retired.FirstOrDefault(plan => _routes.Find(plan.Id) is not { } route || !route.Fits(plan)) is { } unknown ? $"there is no subgraph {unknown.Id} like that"
        : command.Leaving?.Inputs.FirstOrDefault(signal => !_signals.ContainsKey(signal.Id)) is { AudioChannels: > 0 } missing ? $"nobody makes signal {missing.Id}"
        : null;

    /// <summary>Makes room for signals that there were not.</summary>
    private void AddSignals(IEnumerable<PlanSignal> signals)
    {
        foreach (var signal in signals.Where(signal => !_signals.ContainsKey(signal.Id)))
        {
            _signals = _signals.Add(signal.Id, new HubSignal(signal.Id, new FrameRing(signal.AudioChannels, _command!.Format.HubRingFrames, startFrame: 0), _playhead, _budgets.GetValueOrDefault(signal.Id)));
        }
    }

    private HubBacklog Backlog => new(_routes, _signals, _command!.Format);

    private CheckpointPosition PositionOf(string subgraphId) => new(subgraphId, _checkpoints.Of(subgraphId).Newest().Position);

    private void Check(StartCommand command, string? contradiction)
    {
        var fault = _command is not null ? "A render is already running." : contradiction
            ?? command.Routes.Where(route => !_links.ContainsKey(route.Node)).Select(route => $"No node {route.Node:N} is connected.").FirstOrDefault();
        if (fault is not null)
        {
            throw new ControlException("badStart", fault);
        }
    }

    private static ControlException NotPlaying() => new("notPlaying", "Nothing is played here.");

    private IRenderSink OpenSink(StartCommand command)
    {
        try
        {
            return sinks.Create(command.OutputPath, command.OutputAudioChannels, command.Format.SampleRate);
        }
        catch (IOException refused)
        {
            throw new ControlException("output", refused.Message);
        }
    }

    private async Task RunAsync(StartCommand command, IEnumerable<PlanSignal> madeHere, Func<IHubOutput> makeOutput, CancellationToken cancellationToken)
    {
        _command = command;
        _signals = ImmutableDictionary<int, HubSignal>.Empty;
        AddSignals(command.Routes.SelectMany(route => route.Outputs).Select(stream => new PlanSignal(stream.SignalId, stream.AudioChannels)).Concat(madeHere));
        var output = makeOutput();
        _playhead.Follow(output);
        foreach (var route in command.Routes)
        {
            _routes.Set(route);
            await _links[route.Node].AddAsync(route, command.Format, _signals, ReadOnlyMemory<byte>.Empty, cancellationToken).ConfigureAwait(false);
        }

        _lastProgress = time.GetTimestamp();
        GrantHorizon(output.Playhead, output.LeadFrames);
        _running = Task.Run(() => SeeThroughAsync(output, command), CancellationToken.None);
    }

    private async Task SeeThroughAsync(IHubOutput output, StartCommand command)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        var watching = WatchAsync(output, done.Token);
        try
        {
            await output.RunAsync(playhead => OnPlayhead(playhead, output.LeadFrames), _ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Pulse withdrew the session; it asks for no answer.
        }
        catch (Exception failure)
        {
            // Whatever a sink or a device throws ends this session by name; unsaid, Pulse would wait for ever.
            events.Failed(new RenderingFailed(failure.Message));
        }
        finally
        {
            await done.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void OnPlayhead(long playhead, int leadFrames)
    {
        if (_playing is { } playing)
        {
            _gaps!.Look(playing.Heard, playhead);
            _checkpoints.Floor = playhead;
            foreach (var link in _links.Values)
            {
                link.Settle();
            }
        }

        GrantHorizon(playhead, leadFrames);
        if (time.GetElapsedTime(_lastProgress) >= ProgressPeriod)
        {
            _lastProgress = time.GetTimestamp();
            events.Progress(new RenderingProgress(playhead));
        }
    }

    private void GrantHorizon(long playhead, int leadFrames)
    {
        foreach (var link in _links.Values)
        {
            link.SetHorizon(Math.Min(playhead + leadFrames, _command!.Format.EndFrame));
        }
    }

    private async Task WatchAsync(IHubOutput output, CancellationToken cancellationToken)
    {
        var (seen, since) = (-1L, time.GetTimestamp());
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(false);
            if (output.Reached != seen)
            {
                (seen, since) = (output.Reached, time.GetTimestamp());
            }
            else if (time.GetElapsedTime(since) > StallDeadline)
            {
                since = time.GetTimestamp();
                if (Backlog.FindStalled() is { } route)
                {
                    events.NodeFailed(new NodeFailed(route.Node, $"no audio of {route.SubgraphId} for {StallDeadline.TotalSeconds} s at frame {seen}"));
                }
            }
        }
    }
}
