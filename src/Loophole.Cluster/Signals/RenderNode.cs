using System.Collections.Immutable;
using System.Diagnostics;
using Loophole.Cluster.Gestures;
using Loophole.Cluster.Live;
using Loophole.Cluster.Media;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Meters;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;

namespace Loophole.Cluster.Signals;

/// <summary>What a Signal renders for one Pulse: the subgraphs deployed, the events known, the host they work for.</summary>
internal sealed class RenderNode : IDisposable
{
    private readonly RendererMaker _renderers;
    private readonly TimeProvider _time;
    private readonly RenderWorkers _workers;
    private readonly Action<SubgraphFailed> _onFailed;
    private readonly Lock _gate = new();
    private readonly List<RenderEvent> _events = [];
    private readonly List<SubgraphRunner> _deployed = [];
    private readonly Dictionary<string, SubgraphTelemetry> _before = [];
    private readonly BlockTimes _times = new();
    private readonly List<SubgraphRunner> _bridges = [];
    private readonly List<LiveCohort> _cohorts = [];
    private ImmutableArray<LiveCohort> _told = [];
    private readonly GestureIntake _gestures = new();
    private readonly BundleArrivals _bundles;
    private HostTicket? _expected;
    private volatile HostPeer? _host;
    private long _knownBefore;

    public RenderNode(string name, int workers, IRendererFactory renderers, IMediaStore media, TimeProvider time, Action<SubgraphFailed> onFailed)
    {
        (_renderers, _bundles, _time, _onFailed) = (new RendererMaker(renderers, media), new BundleArrivals(time), time, onFailed);
        _workers = new RenderWorkers(workers, name, RunOne);
    }

    /// <summary>The next host to present this token is the one. [control]</summary>
    /// <exception cref="ControlException">The command cannot be meant.</exception>
    public void ExpectHost(ExpectHostCommand command)
    {
        var ticket = new HostTicket(command, _time);
        lock (_gate)
        {
            _expected = ticket;
        }
    }

    /// <summary>Takes a token, once. [any]</summary>
    /// <exception cref="ControlException">It is not the one expected, has expired, or comes from somebody else.</exception>
    public void AdmitHost(string? token, NodeFingerprint? peer)
    {
        lock (_gate)
        {
            if (HostTicket.FindFault(_expected, token, peer) is { } fault)
            {
                throw new ControlException("token", fault);
            }

            _expected = null;
        }
    }

    /// <summary>Makes a peer for a host that was admitted; it is this node's host as long as it runs. [any]</summary>
    public async Task ServeHostAsync(Func<Action, Action, HostPeer> create, CancellationToken cancellationToken)
    {
        var peer = create(_workers.Ring, RunInserts);
        lock (_gate)
        {
            _host = peer;
        }

        try
        {
            await peer.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (_host == peer)
                {
                    _host = null;
                    Withdraw();
                }
            }
        }
    }

    /// <summary>Makes a subgraph ready; it starts with the host's begin message. [control]</summary>
    /// <exception cref="ControlException">Refused; the code and message say why.</exception>
    public void Deploy(DeployCommand command)
    {
        Check(command);
        lock (_gate)
        {
            if (_deployed.Any(runner => runner.Id == command.Route.SubgraphId && runner.Epoch >= command.Route.Epoch))
            {
                throw new ControlException("stale", $"Subgraph {command.Route.SubgraphId} is deployed with epoch {command.Route.Epoch} or later.");
            }

            Add(command);
        }
    }

    /// <summary>What its meters have measured. [any]</summary>
    public MeterOutbox Meters { get; } = new();

    /// <summary>Up to where everything that happens is known. [any]</summary>
    public long KnownBefore => Volatile.Read(ref _knownBefore);

    /// <summary>What was made ready last to be rendered in the audio callback, or <see langword="null"/>. Stays this node's. [control]</summary>
    public LiveCohort? Live { get; private set; }

    /// <summary>Makes a subgraph ready to be rendered in the audio callback. [control]</summary>
    /// <exception cref="ControlException">Refused; the code and message say why.</exception>
    public void DeployLive(DeployLiveCommand command)
    {
        var cohort = _renderers.MakeLive(command);
        lock (_gate)
        {
            _cohorts.Add(cohort);
            _told = _told.Add(cohort);
            Meters.Add(cohort.Meters);
            Live = cohort;
            cohort.Tell(_events, LimitOf(cohort));
        }
    }

    /// <summary>Tells a cohort nothing any more: another one is rendered in its place. [any]</summary>
    public void Retire(LiveCohort cohort)
    {
        lock (_gate)
        {
            _told = _told.Remove(cohort);
            Meters.Remove(cohort.Meters);
        }
    }

    /// <summary>Stops subgraphs, as far as they are deployed. [control]</summary>
    public void Retire(RetireCommand command)
    {
        lock (_gate)
        {
            foreach (var runner in _deployed.Where(runner => command.SubgraphIds.Contains(runner.Id)).ToArray())
            {
                Remove(runner);
            }
        }
    }

    /// <summary>Makes a runner that the host calls itself; it is told of events as all others are, until it is dropped. [control]</summary>
    /// <exception cref="ControlException">The plan cannot be rendered here.</exception>
    public SubgraphRunner MakeBridge(SubgraphPlan plan, SessionFormat format)
    {
        var route = new SubgraphRoute(plan.Id, Guid.Empty, 0, 0, Streams(plan.Inputs), Streams(plan.Outputs));
        var runner = new SubgraphRunner(new DeployCommand(format with { HasMeters = false }, plan, route, IsInsert: true), _renderers.Make(plan), _time);
        lock (_gate)
        {
            foreach (var change in _events)
            {
                runner.Post(change);
            }

            _bridges.Add(runner);
        }

        return runner;

        static ImmutableArray<StreamRoute> Streams(ImmutableArray<PlanSignal> signals) => [.. signals.Select((signal, at) => new StreamRoute(signal.Id, signal.AudioChannels, at))];
    }

    /// <summary>Lets go of such a runner. [any]</summary>
    public void DropBridge(SubgraphRunner runner)
    {
        lock (_gate)
        {
            if (_bridges.Remove(runner))
            {
                runner.Dispose();
            }
        }
    }

    /// <summary>Replaces the events from a frame on, and starts the subgraphs that this concerns anew. [control]</summary>
    /// <exception cref="ControlException">Refused; the code and message say why.</exception>
    public async Task ReviseAsync(ReviseCommand command, CancellationToken cancellationToken)
    {
        if (command.FindFault() is { } fault)
        {
            throw new ControlException("badEvents", fault);
        }

        var events = Checked(command.Events);
        await _bundles.AwaitAsync(command.Gestures.Bundles, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            var commands = command.Routes.Select(Renew).ToArray();
            foreach (var old in commands.Select(renewed => _deployed.First(runner => runner.Id == renewed.Route.SubgraphId)))
            {
                Remove(old);
            }

            _events.RemoveAll(change => change.Frame >= command.FromFrame);
            _events.AddRange(events);
            Volatile.Write(ref _knownBefore, command.KnownBefore);
            _gestures.Set(command.Gestures);
            LimitRunners();
            foreach (var renewed in commands)
            {
                Add(renewed);
            }

            foreach (var insert in _deployed.Where(runner => runner.IsInsert))
            {
                insert.Revise(command.FromFrame, events);
            }

            foreach (var cohort in _told)
            {
                cohort.Revise(command.FromFrame, events, LimitOf(cohort));
            }
        }

        _workers.Ring();
    }

    /// <summary>Adds events, and says up to where none will follow. [control]</summary>
    /// <exception cref="ControlException">One of them is none.</exception>
    public void AddEvents(EventsCommand command)
    {
        var events = Checked(command.Events);
        lock (_gate)
        {
            _events.AddRange(events);
            foreach (var runner in _deployed.Concat(_bridges))
            {
                foreach (var change in events)
                {
                    runner.Post(change);
                }
            }

            Volatile.Write(ref _knownBefore, Math.Max(command.KnownBefore, _knownBefore));
            foreach (var cohort in _told)
            {
                cohort.Tell(events, LimitOf(cohort));
            }
        }

        _workers.Ring();
    }

    /// <summary>Takes what hands have moved. [events receiver]</summary>
    /// <exception cref="TransportException">It cannot be meant.</exception>
    public void Move(GestureBundle bundle)
    {
        uint come;
        lock (_gate)
        {
            var moved = _gestures.Take(bundle);
            _events.AddRange(moved);
            foreach (var runner in _deployed.Where(runner => _gestures.LimitOf(runner.Id) < long.MaxValue))
            {
                foreach (var change in moved)
                {
                    runner.Post(change);
                }
            }

            // After the events that are known with it.
            LimitRunners();
            foreach (var cohort in _told.Where(cohort => _gestures.LimitOf(cohort.Plan.Id) < long.MaxValue))
            {
                cohort.Tell(moved, LimitOf(cohort));
            }

            come = _gestures.Bundles;
        }

        _bundles.Tell(come);
        _workers.Ring();
    }

    /// <summary>Stops and forgets every subgraph and event. [control]</summary>
    public void Withdraw()
    {
        lock (_gate)
        {
            foreach (var runner in _deployed)
            {
                _host?.Remove(runner);
                runner.Dispose();
                Meters.Remove(runner.Meters);
            }

            _deployed.Clear();
            _bridges.ForEach(bridge => bridge.Dispose());
            _bridges.Clear();
            foreach (var cohort in _told)
            {
                Meters.Remove(cohort.Meters);
            }

            _told = [];
            Live = null;
            _before.Clear();
            _events.Clear();
            Volatile.Write(ref _knownBefore, 0);
        }
    }

    /// <summary>What was done so far. [any]</summary>
    /// <param name="callbackSeconds">What the calls of the audio device took.</param>
    public TelemetryReport Report(double callbackSeconds)
    {
        lock (_gate)
        {
            using var process = Process.GetCurrentProcess();
            var now = _deployed.Select(CountsOf).ToArray();
            return new TelemetryReport(
                [.. now, .. _before.Values.ExceptBy(now.Select(counts => counts.SubgraphId), before => before.SubgraphId)],
                _times.Counts,
                callbackSeconds,
                process.TotalProcessorTime.TotalSeconds,
                process.WorkingSet64,
                process.PeakWorkingSet64);
        }
    }

    public void Dispose()
    {
        _workers.Dispose();
        Withdraw();
        // Not before: a device may still have called them.
        _cohorts.ForEach(cohort => cohort.Dispose());
    }

    /// <summary>Stops a subgraph. Under the gate.</summary>
    private void Remove(SubgraphRunner runner)
    {
        _deployed.Remove(runner);
        _host?.Remove(runner);
        runner.Dispose();
        Meters.Remove(runner.Meters);
        _before[runner.Id] = CountsOf(runner);
    }

    /// <summary>What was done for a subgraph, also before it started anew. Under the gate.</summary>
    private SubgraphTelemetry CountsOf(SubgraphRunner runner)
    {
        var before = _before.GetValueOrDefault(runner.Id, new SubgraphTelemetry(runner.Id, 0, 0, 0));
        return new SubgraphTelemetry(runner.Id, before.Blocks + runner.Blocks, before.Frames + runner.Frames, before.RenderSeconds + runner.RenderSeconds, runner.IsInsert);
    }

    private long LimitOf(LiveCohort cohort) => Math.Min(_knownBefore, _gestures.LimitOf(cohort.Plan.Id));

    private void LimitRunners()
    {
        foreach (var runner in _deployed)
        {
            runner.KnownBefore = _gestures.LimitOf(runner.Id);
        }
    }

    private static ImmutableArray<RenderEvent> Checked(ImmutableArray<RenderEvent> events) =>
        events.Contains(null!) ? throw new ControlException("badEvents", "An event is null.") : events;

    /// <summary>What a subgraph that is deployed here is to do under a new assignment.</summary>
    private DeployCommand Renew(SubgraphRoute route)
    {
        var before = _deployed.Find(runner => runner.Id == route.SubgraphId && runner.Epoch < route.Epoch)
            ?? throw new ControlException("stale", $"Subgraph {route.SubgraphId} is not deployed here with an epoch before {route.Epoch}.");
        var renewed = before.Command with { Route = route };
        Check(renewed);
        return renewed;
    }

    /// <summary>Makes a subgraph ready. Under the gate.</summary>
    private void Add(DeployCommand command)
    {
        var host = _host ?? throw new ControlException("noHost", "The host Signal has not connected.");
        var renderer = _renderers.Make(command.Plan);
        try
        {
            var runner = new SubgraphRunner(command, renderer, _time) { KnownBefore = _gestures.LimitOf(command.Route.SubgraphId), Times = _times };
            foreach (var change in _events)
            {
                runner.Post(change);
            }

            host.Add(runner, command.Route, command.Format);
            _deployed.Add(runner);
            Meters.Add(runner.Meters);
        }
        catch (Exception refused) when (refused is ArgumentException or OverflowException or ObjectDisposedException)
        {
            renderer.Dispose();
            throw refused is ObjectDisposedException
                ? new ControlException("noHost", "The host Signal has just left.", innerException: refused)
                : new ControlException("badDeployment", $"The deployment of {command.Route.SubgraphId} cannot be carried out: {refused.Message}", innerException: refused);
        }
    }

    private static void Check(DeployCommand command)
    {
        var (format, plan, route) = (command.Format, command.Plan, command.Route);
        var fits = format.IsSane
            && plan.SampleRate == format.SampleRate
            && plan.BlockFrames == format.BlockFrames
            && !plan.Outputs.IsEmpty
            && route.StartFrame >= 0 && route.StartFrame <= format.EndFrame && route.StartFrame % format.BlockFrames == 0
            && route.Fits(plan);
        if (!fits)
        {
            throw new ControlException("badDeployment", $"The deployment of {route.SubgraphId} contradicts itself.");
        }
    }

    /// <summary>Renders what has come for inserts: with the render threads if there are several, and alone if there is one, as to wake somebody takes longer than an insert. [receiver]</summary>
    private void RunInserts()
    {
        if (_host is not { } host)
        {
            return;
        }

        var inserts = host.Inserts;
        if (inserts.Length > 1)
        {
            _workers.Ring();
        }

        foreach (var insert in inserts)
        {
            while (Run(insert, LimitOf(host), host))
            {
            }
        }
    }

    private long LimitOf(HostPeer host) => Math.Min(host.Horizon, Volatile.Read(ref _knownBefore));

    /// <summary>Does one piece of work on whatever is furthest behind. [render thread]</summary>
    private bool RunOne()
    {
        if (_host is not { } host)
        {
            return false;
        }

        var limit = LimitOf(host);
        var runners = host.Runners;
        SubgraphRunner? behind = null;
        foreach (var runner in runners)
        {
            if (behind is null || runner.Position < behind.Position)
            {
                behind = runner;
            }
        }

        if (behind is not null && Run(behind, limit, host))
        {
            return true;
        }

        foreach (var runner in runners)
        {
            if (runner != behind && Run(runner, limit, host))
            {
                return true;
            }
        }

        return false;
    }

    private bool Run(SubgraphRunner runner, long limitFrame, HostPeer host)
    {
        var result = runner.TryRun(limitFrame);
        if (result == RunResult.Failed)
        {
            _onFailed(new SubgraphFailed(runner.Id, runner.Epoch, runner.Failure!.Message));
        }
        else if (result is RunResult.Rendered or RunResult.Saved)
        {
            host.Pass(runner, result);
        }

        return result != RunResult.Nothing;
    }
}
