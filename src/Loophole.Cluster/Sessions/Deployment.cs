using System.Collections.Immutable;
using System.Security.Cryptography;
using Loophole.Cluster.Gestures;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Meters;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Signals;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Timeline;

namespace Loophole.Cluster.Sessions;

/// <summary>A plan on its Signals: places it, hands it out with the events known, and lets what a lost Signal had go on elsewhere. One caller at a time.</summary>
internal sealed class Deployment
{
    private static readonly Dictionary<string, long> NothingRenewed = [];

    private readonly SessionParts _parts;
    private readonly List<RemoteSignal> _signals;
    private readonly RemoteSignal _host;
    private readonly MeterBoard? _meters;
    private readonly SessionPlacement _placement;
    private readonly SessionRoutes _routes = new();
    private readonly HashSet<RemoteSignal> _failedOver = [];
    private readonly List<RenderEvent> _events = [];
    private PlanTurn? _turn;
    private int _turns;
    private long _knownBefore;

    /// <param name="parts">What the session is made of.</param>
    /// <param name="meters">Takes what meters have measured, or <see langword="null"/>.</param>
    public Deployment(SessionParts parts, MeterBoard? meters = null)
    {
        (_parts, _signals, _meters) = (parts, [.. parts.Signals], meters);
        _host = parts.Signals.Single(signal => signal.Description.Role == NodeRole.Host);
        _placement = new SessionPlacement(parts, _signals, _host);
    }

    /// <summary>The Signal at which everything converges.</summary>
    public RemoteSignal Host => _host;

    /// <summary>Where every subgraph runs.</summary>
    public ImmutableArray<SubgraphRoute> Routes => _routes.All;

    /// <summary>What is rendered in the audio callback (<c>SubgraphPlan.Id</c>), or <see langword="null"/>.</summary>
    public string? LiveId => _routes.Live?.Plan.Id;

    /// <summary>Subgraphs that went on elsewhere.</summary>
    public int Failovers { get; private set; }

    private IEnumerable<RemoteSignal> Alive => _signals.Where(signal => !signal.IsLost);

    /// <summary>Lets the host open its audio links: its own in-process node first, then every satellite that is still there.</summary>
    public async Task OpenAudioAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in Alive.OrderBy(signal => signal != _host).ToArray())
        {
            await OpenAudioAsync(signal, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<bool> OpenAudioAsync(RemoteSignal signal, CancellationToken cancellationToken)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(HostTicket.TokenLength));
        var node = signal.Description;
        // The host reaches its own node inside its process, where nobody has a certificate.
        var (host, fingerprint) = signal == _host ? (null, null) : (_host.Fingerprint, signal.Fingerprint);
        return TryAsync(signal, async () =>
        {
            await signal.TellAsync("cluster", "expectHost", new ExpectHostCommand(token, host, (int)_parts.TokenLifetime.TotalMilliseconds), cancellationToken).ConfigureAwait(false);
            var connected = await _host.AskAsync<NodeConnected, ConnectNodeCommand>(
                "rendering",
                "connectNode",
                new ConnectNodeCommand(node.Id.Value, node.Name, signal == _host ? [] : node.EndPoints, token, fingerprint),
                cancellationToken).ConfigureAwait(false);
            if (signal != _host)
            {
                signal.CarryAudio(connected.EndPoint);
                ClusterLog.AudioOpened(_parts.Logger, node.Name, signal.Transport, connected.EndPoint);
            }
        });
    }

    /// <summary>Lets every Signal send what its meters measure, where somebody takes it.</summary>
    public async Task OpenMetersAsync(CancellationToken cancellationToken)
    {
        if (_meters is not null)
        {
            foreach (var signal in Alive.ToArray())
            {
                await signal.OpenMetersAsync(_meters, _parts.Logger, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Places the plan on whoever is there and deploys it.</summary>
    public async Task DeployAsync(CancellationToken cancellationToken)
    {
        while (!await TryDeployAsync(cancellationToken).ConfigureAwait(false))
        {
        }
    }

    /// <summary>Tells every Signal of events, and up to where no others will follow. Who is deployed to later is told as well.</summary>
    public async Task AnnounceAsync(ImmutableArray<RenderEvent> events, long knownBefore, CancellationToken cancellationToken)
    {
        Know(events, knownBefore);
        foreach (var signal in _placement.Candidates.ToArray())
        {
            await TryAsync(signal, () => signal.TellAsync("cluster", "events", new EventsCommand(events, knownBefore), cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>Takes note of events that whoever is deployed to will be told.</summary>
    public void Know(ImmutableArray<RenderEvent> events, long knownBefore)
    {
        _events.AddRange(events);
        _knownBefore = knownBefore;
        _meters?.Know(knownBefore);
    }

    /// <summary>The subgraphs that hold Nodes of the graph, and all that hear them.</summary>
    public ImmutableArray<string> Hearing(IReadOnlySet<string> nodeIds) => _routes.Hearing(nodeIds);

    /// <summary>The Channels of a subgraph, by their id; of one that only sums, those that it sums.</summary>
    public ImmutableArray<string> ChannelsOf(string subgraphId) => _routes.ChannelsOf(subgraphId);

    /// <summary>Every subgraph.</summary>
    public ImmutableArray<string> Everything => _routes.Everything;

    /// <summary>Changes what comes, from the earliest frame at which that can be done unheard: takes back what was rendered of it, and lets it be rendered anew.</summary>
    /// <param name="cutting">What is concerned, and when.</param>
    /// <param name="revise">Says for the frame of the change what comes from it on.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    /// <returns>The frame.</returns>
    public async Task<long> ReviseAsync(CutCommand cutting, Func<long, Task<Revision>> revise, CancellationToken cancellationToken)
    {
        var asked = _parts.Time.GetTimestamp();
        var cut = await CutAsync(cutting with { SubgraphIds = _routes.ToCut(cutting.SubgraphIds) }, cancellationToken).ConfigureAwait(false);
        var cutAfter = Since(asked);
        var revision = await revise(cut.Frame).ConfigureAwait(false);
        var starts = cut.Subgraphs.ToDictionary(position => position.SubgraphId, position => position.Frame);
        var routes = await TellAsync(cut.Frame, revision, starts, cancellationToken).ConfigureAwait(false);
        var toldAfter = Since(asked);
        await TryAsync(_host, () => _host.TellAsync("rendering", "move", new MoveCommand(routes), cancellationToken)).ConfigureAwait(false);
        ClusterLog.Revised(_parts.Logger, cut.Frame, routes.Length, cutAfter, toldAfter, Since(asked));
        return cut.Frame;
    }

    /// <summary>Lets something else be live, as soon as that can be done unheard; the host says when it is (<see cref="Turned"/>).</summary>
    /// <param name="plan">The plan so far but for what is live.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    public async Task TurnAsync(GlobalPlan plan, CancellationToken cancellationToken)
    {
        _turn = new PlanTurn(plan, _routes.Placed, _host.Description.Id, $"turn:{++_turns}");
        TurnBegun? begun = null;
        await TryAsync(_host, async () =>
        {
            if (_turn.Live is { } live)
            {
                await _host.TellAsync("cluster", "deployLive", LiveCommand(live), cancellationToken).ConfigureAwait(false);
            }

            foreach (var rendered in _turn.Leaving is null ? _turn.Retired : _turn.Retired.Add(_turn.Leaving))
            {
                await _host.SendMediaAsync(PlanMedia.Of(rendered.Plan), _parts.Media, cancellationToken).ConfigureAwait(false);
            }

            var command = new TurnCommand(_turn.Live is not null, [.. _turn.Retired.Select(retired => retired.Plan)], _turn.Leaving?.Plan);
            begun = await _host.AskAsync<TurnBegun, TurnCommand>("playback", "turn", command, cancellationToken).ConfigureAwait(false);
            if (!begun.Answers(command))
            {
                throw new ControlException(ControlException.BadAnswerCode, "It has turned something else than it was asked to.");
            }
        }).ConfigureAwait(false);
        _routes.Turn(_turn);
        await RetireAsync(_turn.Retired, cancellationToken).ConfigureAwait(false);
        await PlaceAsync([.. _turn.Successors.Select(left => (left.Subgraph, left.Before, begun!.Starts.Single(start => start.SubgraphId == left.Before).Frame))], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes in a Signal that has come while it plays.</summary>
    public async Task JoinAsync(RemoteSignal signal, CancellationToken cancellationToken)
    {
        _signals.RemoveAll(other => other.Description.Id == signal.Description.Id);
        _signals.Add(signal);
        await TryAsync(signal, () => signal.TellAsync("cluster", "events", new EventsCommand([.. _events], _knownBefore), cancellationToken)).ConfigureAwait(false);
        await OpenAudioAsync(signal, cancellationToken).ConfigureAwait(false);
        if (_meters is not null && !signal.IsLost)
        {
            await signal.OpenMetersAsync(_meters, _parts.Logger, cancellationToken).ConfigureAwait(false);
        }

        signal.Condition.Ready(isReady: true);
    }

    /// <summary>Lets the plan run where it is best now, unheard: what is rendered stays, and whoever takes something over goes on from where it is.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="policy">How much leaves the host.</param>
    /// <param name="wishes">Where the user wants what from now on, or <see langword="null"/> for as before.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    public async Task ReplaceAsync(GlobalPlan plan, DistributionPolicy policy, PlacementWishes? wishes, CancellationToken cancellationToken)
    {
        _placement.Wishes = wishes ?? _placement.Wishes;
        var placed = _routes.Placed;
        var change = new PlanReplacement(plan, placed, _placement.PlaceAgain(plan, placed, policy), $"place:{++_turns}");
        if (change.Retired.IsEmpty)
        {
            return;
        }

        CheckpointList? left = null;
        var command = new ReleaseCommand([.. change.Retired.Select(retired => retired.Plan.Id)]);
        await TryAsync(_host, async () =>
        {
            left = await _host.AskAsync<CheckpointList, ReleaseCommand>("rendering", "release", command, cancellationToken).ConfigureAwait(false);
            if (!left.Subgraphs.Select(position => position.SubgraphId).SequenceEqual(command.SubgraphIds))
            {
                throw new ControlException(ControlException.BadAnswerCode, "It has released something else than it was asked to.");
            }
        }).ConfigureAwait(false);
        _routes.Retire(change.Retired);
        await RetireAsync(change.Retired, cancellationToken).ConfigureAwait(false);
        var starts = left!.Subgraphs.ToDictionary(position => position.SubgraphId, position => position.Frame);
        await PlaceAsync([.. change.Successors.Select(made => (made.Subgraph, made.Before, starts[made.Before]))], cancellationToken).ConfigureAwait(false);
        _parts.Metrics.Placed();
        ClusterLog.Replaced(_parts.Logger, change.Retired.Length, change.Successors.Length, policy);
    }

    private async Task RetireAsync(ImmutableArray<PlacedSubgraph> subgraphs, CancellationToken cancellationToken)
    {
        foreach (var held in subgraphs.GroupBy(retired => retired.Node))
        {
            if (Alive.FirstOrDefault(signal => signal.Description.Id == held.Key) is { } signal)
            {
                await TryAsync(signal, () => signal.TellAsync("cluster", "retire", new RetireCommand([.. held.Select(retired => retired.Plan.Id)]), cancellationToken)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Places what is not live any more, once the host has turned.</summary>
    public Task EndTurnAsync(Turned turned, CancellationToken cancellationToken) =>
        _turn?.Leaving is { } leaving ? PlaceAsync([(leaving, leaving.Plan.Id, turned.LeavingFrame)], cancellationToken) : Task.CompletedTask;

    /// <summary>Lets subgraphs that there were not before go on from what others have come to.</summary>
    private async Task PlaceAsync((PlacedSubgraph Subgraph, string Before, long StartFrame)[] placed, CancellationToken cancellationToken)
    {
        var routes = ImmutableArray.CreateBuilder<PlacedRoute>(placed.Length);
        foreach (var (subgraph, before, startFrame) in placed)
        {
            var route = _routes.Add(subgraph, startFrame);
            routes.Add(new PlacedRoute(route, before));
            if (Alive.FirstOrDefault(signal => signal.Description.Id == subgraph.Node) is { } signal)
            {
                // One that cannot is lost, and what it had goes on elsewhere.
                await TryAsync(signal, () => DeployAsync(signal, subgraph, route, cancellationToken)).ConfigureAwait(false);
            }
        }

        _meters?.Turn(_routes.Assignments);
        await TryAsync(_host, () => _host.TellAsync("rendering", "place", new PlaceCommand(routes.MoveToImmutable()), cancellationToken)).ConfigureAwait(false);
    }

    private DeployLiveCommand LiveCommand(PlacedSubgraph live) => new(_parts.Format, live.Plan, _parts.Plan.Output.Id, _parts.ReactionFrames);

    /// <summary>Changes what hands are on, while everything that is rendered stays.</summary>
    public Task TellGesturesAsync(OpenGestures gestures, CancellationToken cancellationToken) =>
        TellAsync(_knownBefore, new Revision([], _knownBefore, gestures), NothingRenewed, cancellationToken);

    /// <summary>Tells every Signal what hands have moved.</summary>
    public async Task MoveAsync(ImmutableArray<ParameterEvent> events, long knownBefore, ImmutableArray<GestureValue> values, CancellationToken cancellationToken)
    {
        _events.AddRange(events);
        foreach (var signal in _placement.Candidates.ToArray())
        {
            await TryAsync(signal, () => signal.MoveAsync(knownBefore, values, cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>Tells every Signal of a revision.</summary>
    /// <returns>The new routes. Whoever cannot is lost, and what it had goes on elsewhere by what is known then.</returns>
    private async Task<ImmutableArray<SubgraphRoute>> TellAsync(long fromFrame, Revision revision, Dictionary<string, long> starts, CancellationToken cancellationToken)
    {
        _events.RemoveAll(change => change.Frame >= fromFrame);
        Know(revision.Events, revision.KnownBefore);
        // What is live is held at the frame, and has measured nothing of what comes after it.
        _meters?.Change(starts.Keys.Where(id => id != LiveId), fromFrame);
        var concerned = Alive.Where(signal => _placement.Candidates.Contains(signal) || _routes.On(signal.Description.Id).Any()).ToArray();
        return [.. (await Task.WhenAll(concerned.Select(TellOneAsync)).ConfigureAwait(false)).SelectMany(routes => routes)];

        async Task<ImmutableArray<SubgraphRoute>> TellOneAsync(RemoteSignal signal)
        {
            var renewed = _routes.On(signal.Description.Id).Select(entry => entry.Route.SubgraphId).Where(starts.ContainsKey).ToArray();
            ImmutableArray<SubgraphRoute> routes = [.. renewed.Select(id => Move(id, signal, starts[id]))];
            var command = new ReviseCommand(fromFrame, revision.Events, revision.KnownBefore, routes, revision.Gestures with { Bundles = signal.Bundles });
            return await TryAsync(signal, () => signal.TellAsync("cluster", "revise", command, cancellationToken)).ConfigureAwait(false) ? routes : [];
        }
    }

    private double Since(long timestamp) => Math.Round(_parts.Time.GetElapsedTime(timestamp).TotalMilliseconds, 1);

    private async Task<CutMade> CutAsync(CutCommand command, CancellationToken cancellationToken)
    {
        CutMade? cut = null;
        await TryAsync(_host, async () =>
        {
            cut = await _host.AskAsync<CutMade, CutCommand>("playback", "cut", command, cancellationToken).ConfigureAwait(false);
            if (!cut.Answers(command))
            {
                throw new ControlException(ControlException.BadAnswerCode, "It has cut something else than it was asked to.");
            }
        }).ConfigureAwait(false);
        return cut!;
    }

    /// <summary><see langword="false"/> when somebody dropped out and the plan must be placed anew.</summary>
    private async Task<bool> TryDeployAsync(CancellationToken cancellationToken)
    {
        var nodes = _placement.Candidates.ToArray();
        var placement = _placement.Place(_parts.Plan);
        _routes.Assign(SubgraphCutter.Cut(_parts.Plan, placement, _parts.Format.BlockFrames));
        _meters?.Assign(_routes.Assignments);
        var events = new EventsCommand([.. _events], _knownBefore);
        foreach (var signal in nodes)
        {
            var deployed = await TryAsync(signal, async () =>
            {
                await signal.TellAsync("cluster", "withdraw", new WithdrawCommand(), cancellationToken).ConfigureAwait(false);
                await signal.TellAsync("cluster", "events", events, cancellationToken).ConfigureAwait(false);
                foreach (var (subgraph, route) in _routes.On(signal.Description.Id))
                {
                    await DeployAsync(signal, subgraph, route, cancellationToken).ConfigureAwait(false);
                }

                if (signal == _host && _routes.Live is { } live)
                {
                    await signal.SendMediaAsync(PlanMedia.Of(live.Plan), _parts.Media, cancellationToken).ConfigureAwait(false);
                    await signal.TellAsync("cluster", "deployLive", LiveCommand(live), cancellationToken).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
            if (!deployed)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes note of what a Signal has done.</summary>
    public void Measure(Happening.Measured measured) => _placement.Measure(measured, _routes.WorkOf);

    private async Task DeployAsync(RemoteSignal signal, PlacedSubgraph subgraph, SubgraphRoute route, CancellationToken cancellationToken)
    {
        await signal.SendMediaAsync(PlanMedia.Of(subgraph.Plan), _parts.Media, cancellationToken).ConfigureAwait(false);
        await signal.TellAsync("cluster", "deploy", new DeployCommand(_parts.Format, subgraph.Plan, route, subgraph.Pace == RenderPace.Insert), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The host lost the audio of a Signal.</summary>
    public void Cut(Happening.NodeCut cut) => _signals.FirstOrDefault(signal => signal.Description.Id.Value == cut.Node)?.Lose(cut.Reason);

    /// <summary>Lets the subgraphs of a lost Signal go on elsewhere, each from its newest checkpoint; once for each Signal.</summary>
    public async Task FailOverAsync(RemoteSignal lost, CancellationToken cancellationToken)
    {
        if (!_failedOver.Add(lost))
        {
            return;
        }

        _placement.Forget(lost.Description.Id);

        if (lost == _host)
        {
            throw HostLost();
        }

        try
        {
            await DropAsync(lost, cancellationToken).ConfigureAwait(false);
            foreach (var (subgraph, _) in _routes.On(lost.Description.Id).ToArray())
            {
                var holder = lost;
                while (!await TryMoveAsync(subgraph, holder, cancellationToken).ConfigureAwait(false))
                {
                    // Whoever failed to take it may have begun with it: it is cut off before anybody else does.
                    holder = _signals.First(signal => _routes.On(signal.Description.Id).Any(entry => entry.Subgraph == subgraph));
                }

                Failovers++;
                _parts.Metrics.FailedOver();
            }
        }
        catch (ControlException refused)
        {
            throw _host.IsLost ? HostLost() : new ClusterException(ClusterError.HostLost, $"The host Signal {_host.Description.Name} cannot go on without {lost.Description.Name}: {refused.Message}", refused);
        }
    }

    private SubgraphRoute Move(string subgraphId, RemoteSignal signal, long startFrame)
    {
        var route = _routes.Move(subgraphId, signal.Description.Id, startFrame);
        _meters?.Assign(subgraphId, route.Epoch, signal.Description.Id);
        return route;
    }

    private Task<CheckpointList> DropAsync(RemoteSignal lost, CancellationToken cancellationToken)
    {
        var reason = _parts.Registry.Current.Nodes.FirstOrDefault(node => node.Description.Id == lost.Description.Id)?.Reason ?? "";
        return _host.AskAsync<CheckpointList, DropNodeCommand>("rendering", "dropNode", new DropNodeCommand(lost.Description.Id.Value, reason), cancellationToken);
    }

    private async Task<bool> TryMoveAsync(PlacedSubgraph subgraph, RemoteSignal holder, CancellationToken cancellationToken)
    {
        var checkpoints = await DropAsync(holder, cancellationToken).ConfigureAwait(false);
        var frame = checkpoints.Subgraphs.FirstOrDefault(position => position.SubgraphId == subgraph.Plan.Id)?.Frame ?? 0;
        var target = _placement.Successor(subgraph, _routes.WorkOn) ?? throw HostLost();
        var route = Move(subgraph.Plan.Id, target, frame);
        return await TryAsync(target, async () =>
        {
            await DeployAsync(target, subgraph, route, cancellationToken).ConfigureAwait(false);
            await _host.TellAsync("rendering", "move", new MoveCommand([route]), cancellationToken).ConfigureAwait(false);
            ClusterLog.SubgraphMoved(_parts.Logger, route.SubgraphId, frame, target.Description.Name);
        }).ConfigureAwait(false);
    }

    /// <summary>Does something with a Signal; one that cannot is out of the session, and without the host there is none.</summary>
    private async Task<bool> TryAsync(RemoteSignal signal, Func<Task> action)
    {
        try
        {
            await action().ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is ControlException or IOException)
        {
            if (_host.IsLost)
            {
                throw HostLost();
            }

            if (signal == _host)
            {
                throw new ClusterException(ClusterError.NobodyCanRender, $"The host Signal {signal.Description.Name} cannot render this: {failure.Message}", failure);
            }

            signal.Lose(failure.Message);
            return false;
        }
    }

    public async Task<ImmutableArray<NodeResult>> ReportAsync(CancellationToken cancellationToken)
    {
        var results = ImmutableArray.CreateBuilder<NodeResult>();
        foreach (var signal in _signals.OrderBy(signal => signal != _host))
        {
            var telemetry = TelemetryReport.Nothing;
            if (!signal.IsLost)
            {
                try
                {
                    telemetry = await signal.AskAsync<TelemetryReport, Empty>("cluster", "telemetry", Empty.Instance, cancellationToken).ConfigureAwait(false);
                }
                catch (ControlException)
                {
                    // The file is there; a Signal that goes now only leaves its counts out.
                }
            }

            var node = _parts.Registry.Current.Nodes.First(node => node.Description.Id == signal.Description.Id);
            results.Add(new NodeResult(
                node.Description.Name,
                node.Description.ProcessId,
                signal.Transport,
                _routes.On(signal.Description.Id).Count(),
                telemetry.Subgraphs.Sum(subgraph => subgraph.Blocks),
                telemetry.Subgraphs.Sum(subgraph => subgraph.RenderSeconds),
                telemetry.PeakMemoryBytes,
                node.Health == NodeHealth.Lost ? node.Reason : ""));
        }

        return results.ToImmutable();
    }

    public ClusterException HostLost()
    {
        var reason = _parts.Registry.Current.Nodes.FirstOrDefault(node => node.Description.Id == _host.Description.Id)?.Reason;
        return new ClusterException(ClusterError.HostLost, $"The host Signal {_host.Description.Name} (process {_host.Description.ProcessId}) is lost: {reason}. Nobody else can take its place; render again.");
    }

    /// <summary>Why Signals that are there were given nothing, and what else was not possible.</summary>
    public IEnumerable<string> Objections() => _placement.Objections();
}
