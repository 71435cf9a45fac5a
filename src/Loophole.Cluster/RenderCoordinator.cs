using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Loophole.Cluster.Control;
using Loophole.Cluster.Media;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Meters;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Playback;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Sessions;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster;

/// <summary>Pulse's side of a session: registers Signals, places the graph on them, and sees a render or a performance through, whoever is lost on the way.</summary>
/// <remarks>One session per coordinator: connect to a host and any satellites, <see cref="RenderAsync"/> or <see cref="PlayAsync"/>, dispose. Meter <c>Loophole.Cluster</c>; <c>docs/telemetry.md</c> lists
/// what is measured of Signals, links and sessions (<c>loophole.node</c>, <c>loophole.link</c>, <c>loophole.session</c>).</remarks>
public sealed class RenderCoordinator : IRemoteSignalEvents, IAsyncDisposable
{
    private readonly RenderCoordinatorOptions _options;
    private readonly IClusterTransport _network;
    private readonly IClusterRegistry _registry;
    private readonly IPartitioner _partitioner;
    private readonly IProcessorFactory _processors;
    private readonly IMediaStore _media;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly RenderHappenings _happenings = new();
    private readonly Lock _gate = new();
    private ImmutableArray<RemoteSignal> _signals = [];
    private bool _hasBegun;
    private bool _isDisposed;
    private readonly SessionMetrics _metrics;
    private volatile LinksMeasured _links = LinksMeasured.None;

    /// <summary>Makes a coordinator without Signals.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="network">What Signals are dialled with; the caller disposes it.</param>
    /// <param name="registry">Where they are registered.</param>
    /// <param name="partitioner">Who places the work.</param>
    /// <param name="processors">Tells what processors exist, their latency and cost.</param>
    /// <param name="media">Holds every asset of the project.</param>
    /// <param name="loggers">For logs, or <see langword="null"/> for none.</param>
    /// <param name="time">The clock, or <see langword="null"/> for the system's.</param>
    /// <param name="meterFactory">Makes the meter; <see langword="null"/> for one of the coordinator's own.</param>
    public RenderCoordinator(
        RenderCoordinatorOptions options,
        IClusterTransport network,
        IClusterRegistry registry,
        IPartitioner partitioner,
        IProcessorFactory processors,
        IMediaStore media,
        ILoggerFactory? loggers = null,
        TimeProvider? time = null,
        IMeterFactory? meterFactory = null)
    {
        (_options, _network, _registry, _partitioner, _processors, _media) = (options, network, registry, partitioner, processors, media);
        _loggers = loggers ?? NullLoggerFactory.Instance;
        _logger = _loggers.CreateLogger<RenderCoordinator>();
        _time = time ?? TimeProvider.System;
        _metrics = new SessionMetrics(meterFactory, registry);
        Playback = new PlaybackControl(_happenings);
    }

    /// <summary>The transport of what <see cref="PlayAsync"/> plays. [any]</summary>
    public PlaybackControl Playback { get; }

    /// <summary>Connects to a Signal and registers it. Not while a file is rendered; who comes while it plays takes part from then on, as the policy says. [any]</summary>
    /// <param name="endPoint">Where it listens.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <returns>What it says of itself.</returns>
    /// <exception cref="ClusterException"><see cref="ClusterError.NodeUnavailable"/>: not reached; <see cref="ClusterError.NodeRefused"/>: not willing, or not trusted; <see cref="ClusterError.SecondHost"/>: a host beside the one that there is. Either way it is not in the session.</exception>
    /// <exception cref="TrustException">The trust store cannot be changed.</exception>
    public Task<NodeDescription> ConnectAsync(Uri endPoint, CancellationToken cancellationToken = default) => ConnectAsync(endPoint, _options.Trust, cancellationToken);

    /// <summary>Connects to a Signal that is trusted by another store than the others, such as one made for the occasion. [any]</summary>
    /// <param name="endPoint">Where it listens.</param>
    /// <param name="trust">With whom Pulse works at this endpoint; <see langword="null"/> for a Signal on the same machine only. Read and watched as long as the Signal is in the session.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <returns>What it says of itself.</returns>
    /// <exception cref="ClusterException"><see cref="ClusterError.NodeUnavailable"/>: not reached; <see cref="ClusterError.NodeRefused"/>: not willing, or not trusted; <see cref="ClusterError.SecondHost"/>: a host beside the one that there is. Either way it is not in the session.</exception>
    /// <exception cref="TrustException">The trust store cannot be changed.</exception>
    public Task<NodeDescription> ConnectAsync(Uri endPoint, NodeTrust? trust, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return ConnectAsync([endPoint], trust, cancellationToken);
    }

    /// <summary>Connects to a Signal that may be reached by several transports. Over a <see cref="TransportSet"/> its choice decides by which; any other
    /// transport takes the first endpoint of its scheme. [any]</summary>
    /// <param name="endPoints">Where it listens, or may listen; at least one.</param>
    /// <param name="trust">As for a single endpoint.</param>
    /// <param name="cancellationToken">Stops the attempt.</param>
    /// <returns>What it says of itself; its endpoints are those by which the host may reach it.</returns>
    /// <exception cref="ArgumentException">There is no endpoint.</exception>
    /// <exception cref="ClusterException"><see cref="ClusterError.NodeUnavailable"/>: not reached; <see cref="ClusterError.NodeRefused"/>: not willing, not trusted,
    /// not to be reached by a transport that may be used, or with the id of one that is in the session; <see cref="ClusterError.SecondHost"/>: a host beside the one that there is. Either way it is not in the session.</exception>
    /// <exception cref="TrustException">The trust store cannot be changed.</exception>
    public async Task<NodeDescription> ConnectAsync(IReadOnlyList<Uri> endPoints, NodeTrust? trust, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        ArgumentOutOfRangeException.ThrowIfZero(endPoints.Count, nameof(endPoints));
        var place = string.Join(" or ", endPoints);
        RemoteSignal signal;
        try
        {
            signal = await RemoteSignal.ConnectAsync(_network, endPoints, _options, trust, this, _registry, _loggers, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (ControlException refused) when (refused.Code is not (ControlException.TimeoutCode or ControlException.ConnectionLostCode))
        {
            throw new ClusterException(ClusterError.NodeRefused, $"The Signal at {place} refused: {refused.Message}", refused);
        }
        catch (TransportException unfit) when (unfit.Error == TransportError.NoCommonTransport)
        {
            throw new ClusterException(ClusterError.NodeRefused, $"The Signal at {place} cannot be worked with: {unfit.Message}", unfit);
        }
        catch (Exception failure) when (failure is TransportException or ControlException)
        {
            throw new ClusterException(ClusterError.NodeUnavailable, $"The Signal at {place} is not available: {failure.Message}", failure);
        }

        await TakeInAsync(signal).ConfigureAwait(false);
        _metrics.Joined();
        ClusterLog.NodeJoined(_logger, signal.Description.Name, signal.EndPoint, signal.Description.Workers, signal.Description.Hardware.Speed);
        return signal.Description;
    }

    /// <summary>Renders into a file. The file appears only when it is complete. [one caller]</summary>
    /// <param name="request">What to render.</param>
    /// <param name="progress">Told about ten times a second, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the render; nothing is written.</param>
    /// <returns>What came out.</returns>
    /// <exception cref="GraphException">The graph cannot be rendered, or an event does not fit it.</exception>
    /// <exception cref="ClusterException">The host is lost, nobody can render a part, or the output cannot be written.</exception>
    /// <exception cref="InvalidOperationException">There is not exactly one host among the Signals, or this coordinator has rendered.</exception>
    public async Task<RenderResult> RenderAsync(RenderRequest request, IProgress<RenderProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var signals = BeginSession();
        var plan = new GraphPlanner(_processors).PlanOffline(request.Graph);
        EventValidation.Check(request.Events, request.Graph, _processors);
        var format = SessionFormat.Of(plan.SampleRate, request.BlockFrames, plan.LatencyFrames + request.LengthFrames, request.LeadFrames, request.CheckpointFrames);
        var render = new OfflineRender(request, Parts(signals, plan, request.Project, request.Policy, request.Wishes, format, reactionFrames: 0), _happenings, _time);
        return await render.RunAsync(progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Plays on an audio device of the host until it is told to stop. [one caller]</summary>
    /// <param name="request">What to play, and on what.</param>
    /// <param name="progress">Told where playing is and what meters show, about 30 times a second, or <see langword="null"/>; then no meter is asked for either.</param>
    /// <param name="stop">Ends playing in good order, whereupon what was recorded is complete.</param>
    /// <param name="cancellationToken">Ends it at once; nothing is recorded.</param>
    /// <returns>What was played.</returns>
    /// <exception cref="GraphException">The graph cannot be played.</exception>
    /// <exception cref="ClusterException">The host is lost, nobody can render a part, the device refuses or fails, or the recording cannot be written.</exception>
    /// <exception cref="ArgumentException">The loop is none.</exception>
    /// <exception cref="InvalidOperationException">There is not exactly one host among the Signals, or this coordinator has rendered or played.</exception>
    public async Task<PlayResult> PlayAsync(PlayRequest request, IProgress<PlayProgress>? progress, CancellationToken stop, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var schedule = new PlaySchedule(request.StartFrame, request.Loop, request.PreRollFrames, !request.StartsPaused);
        var signals = BeginSession();
        var plan = new GraphPlanner(_processors).Plan(request.Graph);
        var format = SessionFormat.Of(plan.SampleRate, request.BlockFrames, PlayRequest.LongestFrames, Math.Max(request.LeadFrames, request.MostLeadFrames), request.CheckpointFrames) with { HasMeters = progress is not null };
        var reaction = Math.Min(request.ReactionFrames, format.WholeBlocks(request.LeadFrames));
        var session = new PlaySession(request, Parts(signals, plan, request.Project, request.Policy, request.Wishes, format, reaction), schedule, _processors, _happenings, progress is null ? null : new MeterBoard(plan));
        return await session.RunAsync(progress, stop, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Leaves every Signal; those that run a render stop it.</summary>
    /// <returns>Completes when all connections are closed.</returns>
    public async ValueTask DisposeAsync()
    {
        ImmutableArray<RemoteSignal> signals;
        lock (_gate)
        {
            (signals, _isDisposed) = (_signals, true);
        }

        foreach (var signal in signals)
        {
            _registry.Report(signal.Description.Id, NodeHealth.Left);
            await signal.DisposeAsync().ConfigureAwait(false);
        }

        _metrics.Dispose();
    }

    /// <summary>Registers a Signal, and lets it take part.</summary>
    private async Task TakeInAsync(RemoteSignal signal)
    {
        var (isAlone, isLater, hasHost) = (false, false, false);
        RemoteSignal? before = null;
        lock (_gate)
        {
            hasHost = signal.Description.Role == NodeRole.Host && _signals.Any(other => other.Description.Role == NodeRole.Host && !other.IsLost);
            if (!_isDisposed && !hasHost && (isAlone = _registry.Register(signal.Description, signal.Standing)))
            {
                // One that comes again has been lost; what it had is elsewhere.
                before = _signals.FirstOrDefault(other => other.Description.Id == signal.Description.Id);
                _signals = (before is null ? _signals : _signals.Remove(before)).Add(signal);
                isLater = _hasBegun;
                signal.Condition.Ready(!isLater);
            }
        }

        if (!isAlone)
        {
            await signal.DisposeAsync().ConfigureAwait(false);
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), this);
            throw new ClusterException(hasHost ? ClusterError.SecondHost : ClusterError.NodeRefused, hasHost
                ? $"The Signal {signal.Description.Name} at {signal.EndPoint} is a host, and there is one in the session already: others can only be satellites."
                : $"The Signal {signal.Description.Name} at {signal.EndPoint} has the id {signal.Description.Id}, with which {NameOf(signal.Description.Id)} is in the session. One of them has to start anew, with an id of its own.");
        }

        if (before is not null)
        {
            await before.DisposeAsync().ConfigureAwait(false);
        }

        if (isLater)
        {
            _happenings.Joined(signal);
        }

        if (signal.IsLost)
        {
            ((IRemoteSignalEvents)this).Lost(signal, "it left as soon as it had come");
        }
    }

    private string NameOf(NodeId id) => _registry.Current.Nodes.FirstOrDefault(node => node.Description.Id == id) is { } node ? $"{node.Description.Name} at {node.Description.EndPoints[0]}" : "another one";

    private ImmutableArray<RemoteSignal> BeginSession()
    {
        lock (_gate)
        {
            if (_signals.Count(signal => signal.Description.Role == NodeRole.Host) != 1)
            {
                throw new InvalidOperationException("Exactly one of the Signals is the host.");
            }

            if (_hasBegun)
            {
                throw new InvalidOperationException("A coordinator renders, or plays, once.");
            }

            _hasBegun = true;
            return _signals;
        }
    }

    private SessionParts Parts(ImmutableArray<RemoteSignal> signals, GlobalPlan plan, string? project, DistributionPolicy policy, PlacementWishes wishes, SessionFormat format, int reactionFrames) =>
        new(plan, project, policy, wishes, format, reactionFrames, signals, _registry, _partitioner, _options.Costs, _media, _options.TokenLifetime, _logger, _metrics, _time);

    void IRemoteSignalEvents.Told(RemoteSignal signal, Envelope envelope) => _happenings.Told(signal, envelope);

    void IRemoteSignalEvents.Measured(RemoteSignal signal, NodeMeasured measured)
    {
        _metrics.Observe(signal.Description.Name, measured.Telemetry);
        var all = _links;
        var links = all.Of(signal.Description.Id, measured.Telemetry);
        _registry.Observe(signal.Description.Id, measured.Telemetry with { Links = links });
        signal.Condition.Late(all.FindLateness(signal.Description.Id, links));
        if (Volatile.Read(ref _hasBegun))
        {
            _happenings.Measured(signal, measured);
        }
    }

    void IRemoteSignalEvents.Measured(RemoteSignal signal, LinksMeasured links)
    {
        _links = links;
        _metrics.Observe(links);
    }

    void IRemoteSignalEvents.Lost(RemoteSignal signal, string reason)
    {
        lock (_gate)
        {
            if (!_signals.Contains(signal))
            {
                // Whoever tries to let it in is told.
                return;
            }
        }

        _metrics.Lost();
        ClusterLog.NodeLost(_logger, signal.Description.Name, reason);
        _registry.Report(signal.Description.Id, NodeHealth.Lost, reason);
        _happenings.Lost(signal);
    }
}
