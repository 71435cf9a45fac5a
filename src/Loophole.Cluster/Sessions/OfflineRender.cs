using System.Collections.Immutable;
using System.Security.Cryptography;
using Loophole.Cluster.Media;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Signals;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Timeline;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Sessions;

/// <summary>One render from placement to the finished file. Decides everything on one logical thread: happenings are taken one at a time.</summary>
internal sealed class OfflineRender
{
    private readonly RenderRequest _request;
    private readonly GlobalPlan _plan;
    private readonly IReadOnlyList<RemoteSignal> _signals;
    private readonly RemoteSignal _host;
    private readonly RenderHappenings _happenings;
    private readonly IClusterRegistry _registry;
    private readonly IPartitioner _partitioner;
    private readonly IMediaStore _media;
    private readonly TimeSpan _tokenLifetime;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly SessionFormat _format;
    private readonly SessionRoutes _routes;
    private readonly HashSet<RemoteSignal> _failedOver = [];
    private int _failovers;

    public OfflineRender(
        RenderRequest request,
        GlobalPlan plan,
        IReadOnlyList<RemoteSignal> signals,
        RenderHappenings happenings,
        IClusterRegistry registry,
        IPartitioner partitioner,
        IMediaStore media,
        TimeSpan tokenLifetime,
        ILogger logger,
        TimeProvider time)
    {
        (_request, _plan, _signals, _happenings, _registry, _partitioner, _media, _tokenLifetime, _logger, _time) = (request, plan, signals, happenings, registry, partitioner, media, tokenLifetime, logger, time);
        _host = signals.Single(signal => signal.Description.Role == NodeRole.Host);
        _format = new SessionFormat(plan.SampleRate, request.BlockFrames, plan.LatencyFrames + request.LengthFrames, WholeBlocks(request.LeadFrames), WholeBlocks(request.CheckpointFrames));
        _routes = new SessionRoutes();
    }

    private IEnumerable<RemoteSignal> Alive => _signals.Where(signal => !signal.IsLost);

    /// <summary>Who may be given work: the host, and every satellite to which the project may go.</summary>
    private IEnumerable<RemoteSignal> Candidates => Alive.Where(signal => signal == _host || signal.FindObjection(_request.Project) is null);

    public async Task<RenderResult> RunAsync(IProgress<RenderProgress>? progress, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        await OpenAudioAsync(cancellationToken).ConfigureAwait(false);
        while (!await TryDeployAsync(cancellationToken).ConfigureAwait(false))
        {
        }

        var start = new StartCommand(_format, _routes.All, _plan.Output.Id, _plan.Output.AudioChannels, _plan.LatencyFrames, _request.OutputPath);
        try
        {
            await _host.TellAsync("rendering", "start", start, cancellationToken).ConfigureAwait(false);
        }
        catch (ControlException refused)
        {
            throw _host.IsLost ? HostLost() : new ClusterException(ClusterError.Output, refused.Message, refused);
        }

        var finished = await SeeThroughAsync(progress, cancellationToken).ConfigureAwait(false);
        return new RenderResult(
            finished.Sha256,
            finished.Frames,
            _plan.Output.AudioChannels,
            _plan.SampleRate,
            _time.GetElapsedTime(started),
            await ReportAsync(cancellationToken).ConfigureAwait(false),
            _failovers,
            [.. Objections()]);
    }

    /// <summary>Lets the host open its audio links: its own in-process node first, then every satellite that is still there.</summary>
    private async Task OpenAudioAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in Alive.OrderBy(signal => signal != _host).ToArray())
        {
            var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(HostTicket.TokenLength));
            var node = signal.Description;
            // The host reaches its own node inside its process, where nobody has a certificate.
            var (host, fingerprint) = signal == _host ? (null, null) : (_host.Fingerprint, signal.Fingerprint);
            await TryAsync(signal, async () =>
            {
                await signal.TellAsync("cluster", "expectHost", new ExpectHostCommand(token, host, (int)_tokenLifetime.TotalMilliseconds), cancellationToken).ConfigureAwait(false);
                var connected = await _host.AskAsync<NodeConnected, ConnectNodeCommand>(
                    "rendering",
                    "connectNode",
                    new ConnectNodeCommand(node.Id.Value, node.Name, signal == _host ? [] : node.EndPoints, token, fingerprint),
                    cancellationToken).ConfigureAwait(false);
                if (signal != _host)
                {
                    signal.CarryAudio(connected.EndPoint);
                    ClusterLog.AudioOpened(_logger, node.Name, signal.Transport, connected.EndPoint);
                }
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Places the plan on whoever is there and deploys it; <see langword="false"/> when somebody dropped out and it must be placed anew.</summary>
    private async Task<bool> TryDeployAsync(CancellationToken cancellationToken)
    {
        var nodes = Candidates.ToArray();
        var offload = _request.Policy != DistributionPolicy.Off && nodes.Length > 1;
        var candidates = nodes
            .Where(signal => signal == _host || offload)
            .Select(signal => new PartitionNode(signal.Description.Id, signal == _host && offload && _request.Policy == DistributionPolicy.AggressiveOffload ? 0 : signal.Description.Workers, signal == _host));
        var placement = _partitioner.Partition(_plan.ToPartitionGraph(), [.. candidates]);
        _routes.Assign(SubgraphCutter.Cut(_plan, placement, _format.BlockFrames));
        var events = new EventsCommand(_request.Events.IsEmpty ? [PlayFromStart()] : _request.Events, _format.EndFrame);
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
            }).ConfigureAwait(false);
            if (!deployed)
            {
                return false;
            }
        }

        return true;
    }

    private async Task DeployAsync(RemoteSignal signal, PlacedSubgraph subgraph, SubgraphRoute route, CancellationToken cancellationToken)
    {
        await signal.SendMediaAsync(PlanMedia.Of(subgraph.Plan), _media, cancellationToken).ConfigureAwait(false);
        await signal.TellAsync("cluster", "deploy", new DeployCommand(_format, subgraph.Plan, route), cancellationToken).ConfigureAwait(false);
    }

    private async Task<RenderingFinished> SeeThroughAsync(IProgress<RenderProgress>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await _happenings.Reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                case Happening.Progress moved:
                    progress?.Report(new RenderProgress(moved.PlayheadFrame, _format.EndFrame, _registry.Current));
                    break;
                case Happening.NodeCut cut:
                    _signals.FirstOrDefault(signal => signal.Description.Id.Value == cut.Node)?.Lose(cut.Reason);
                    break;
                case Happening.NodeLost lost when _failedOver.Add(lost.Signal):
                    await FailOverAsync(lost.Signal, cancellationToken).ConfigureAwait(false);
                    break;
                case Happening.Failed failed:
                    throw new ClusterException(ClusterError.Output, failed.Message);
                case Happening.Finished finished:
                    progress?.Report(new RenderProgress(_format.EndFrame, _format.EndFrame, _registry.Current));
                    return finished.Result;
            }
        }
    }

    /// <summary>Lets the subgraphs of a lost Signal go on elsewhere, each from its newest checkpoint.</summary>
    private async Task FailOverAsync(RemoteSignal lost, CancellationToken cancellationToken)
    {
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

                _failovers++;
            }
        }
        catch (ControlException refused)
        {
            throw _host.IsLost ? HostLost() : new ClusterException(ClusterError.HostLost, $"The host Signal {_host.Description.Name} cannot go on without {lost.Description.Name}: {refused.Message}", refused);
        }
    }

    private Task<CheckpointList> DropAsync(RemoteSignal lost, CancellationToken cancellationToken)
    {
        var reason = _registry.Current.Nodes.FirstOrDefault(node => node.Description.Id == lost.Description.Id)?.Reason ?? "";
        return _host.AskAsync<CheckpointList, DropNodeCommand>("rendering", "dropNode", new DropNodeCommand(lost.Description.Id.Value, reason), cancellationToken);
    }

    private async Task<bool> TryMoveAsync(PlacedSubgraph subgraph, RemoteSignal holder, CancellationToken cancellationToken)
    {
        var checkpoints = await DropAsync(holder, cancellationToken).ConfigureAwait(false);
        var frame = checkpoints.Subgraphs.FirstOrDefault(position => position.SubgraphId == subgraph.Plan.Id)?.Frame ?? 0;
        var target = Candidates.MinBy(signal => _routes.Load(signal.Description.Id) / signal.Description.Workers) ?? throw HostLost();
        var route = _routes.Move(subgraph.Plan.Id, target.Description.Id, frame);
        return await TryAsync(target, async () =>
        {
            await DeployAsync(target, subgraph, route, cancellationToken).ConfigureAwait(false);
            await _host.TellAsync("rendering", "move", new MoveCommand(route), cancellationToken).ConfigureAwait(false);
            ClusterLog.SubgraphMoved(_logger, route.SubgraphId, frame, target.Description.Name);
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

    private async Task<ImmutableArray<NodeResult>> ReportAsync(CancellationToken cancellationToken)
    {
        var results = ImmutableArray.CreateBuilder<NodeResult>();
        foreach (var signal in _signals.OrderBy(signal => signal != _host))
        {
            var telemetry = new TelemetryReport([], 0);
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

            var node = _registry.Current.Nodes.First(node => node.Description.Id == signal.Description.Id);
            results.Add(new NodeResult(
                node.Description.Name,
                node.Description.ProcessId,
                signal.Transport,
                telemetry.Subgraphs.Length,
                telemetry.Subgraphs.Sum(subgraph => subgraph.Blocks),
                telemetry.Subgraphs.Sum(subgraph => subgraph.RenderSeconds),
                telemetry.PeakMemoryBytes,
                node.Health == NodeHealth.Lost ? node.Reason : ""));
        }

        return results.ToImmutable();
    }

    private ClusterException HostLost()
    {
        var reason = _registry.Current.Nodes.FirstOrDefault(node => node.Description.Id == _host.Description.Id)?.Reason;
        return new ClusterException(ClusterError.HostLost, $"The host Signal {_host.Description.Name} (process {_host.Description.ProcessId}) is lost: {reason}. Nobody else can take its place; render again.");
    }

    private IEnumerable<string> Objections() => _signals
        .Where(signal => signal != _host)
        .Select(signal => signal.FindObjection(_request.Project))
        .OfType<string>()
        .Distinct();

    private static TransportEvent PlayFromStart() => new() { Frame = 0, Sequence = 0, ProjectFrame = 0, IsPlaying = true };

    private int WholeBlocks(int frames) => (frames + _request.BlockFrames - 1) / _request.BlockFrames * _request.BlockFrames;
}
