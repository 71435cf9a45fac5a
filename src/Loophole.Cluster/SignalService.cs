using System.Collections.Immutable;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Hub;
using Loophole.Cluster.Media;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Signals;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster;

/// <summary>A Signal: accepts a Pulse, renders what it deploys, and as host lets all audio converge.</summary>
/// <remarks>One Pulse at a time; it may come and go. The same class is host and satellite: the host has an <see cref="AudioHub"/> more, and its
/// own share of the rendering runs on an in-process node behind the in-memory transport.</remarks>
public sealed class SignalService
{
    private static readonly Uri InProcessNode = new("memory://node");

    /// <summary>Connections that may be open without anybody being admitted on them.</summary>
    private const int MaxStrangers = 64;

    private readonly SignalOptions _options;
    private readonly IClusterTransport _network;
    private readonly InMemoryTransport _inProcess = new();
    private readonly IRendererFactory _renderers;
    private readonly IMediaStore _media;
    private readonly IRenderSinkFactory _sinks;
    private readonly INoteSinkFactory? _noteSinks;
    private readonly IReadOnlyList<IAudioDeviceHost> _devices;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _firstPulseLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private volatile PulseSession? _pulse;

    /// <summary>Makes a Signal; it does nothing before <see cref="RunAsync"/>.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="network">What the host dials satellites with, and what Pulse is told of: of a <see cref="TransportSet"/> every endpoint it
    /// listens at when the Signal starts to run, of any other transport the listener's. The caller disposes it.</param>
    /// <param name="renderers">Makes what renders.</param>
    /// <param name="media">Where media is kept.</param>
    /// <param name="sinks">Makes output files; only a host asks for one.</param>
    /// <param name="devices">What a host plays on, by kind; <see langword="null"/> for nothing. Not disposed.</param>
    /// <param name="loggers">For logs, or <see langword="null"/> for none.</param>
    /// <param name="time">The clock, or <see langword="null"/> for the system's.</param>
    /// <param name="noteSinks">Makes files for takes of notes; <see langword="null"/> when none are to be made.</param>
    public SignalService(
        SignalOptions options,
        IClusterTransport network,
        IRendererFactory renderers,
        IMediaStore media,
        IRenderSinkFactory sinks,
        IReadOnlyList<IAudioDeviceHost>? devices = null,
        ILoggerFactory? loggers = null,
        TimeProvider? time = null,
        INoteSinkFactory? noteSinks = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _network, _renderers, _media, _sinks, _devices) = (options, network, renderers, media, sinks, devices ?? []);
        _loggers = GuardedLoggers.Of(loggers ?? NullLoggerFactory.Instance);
        _logger = _loggers.CreateLogger<SignalService>();
        (_time, _noteSinks) = (time ?? TimeProvider.System, noteSinks);
    }

    /// <summary>Version of the control messages that it speaks. [any]</summary>
    public static int ProtocolVersion => HelloCommand.CurrentProtocol;

    /// <summary>Completes when a Pulse that was served has left. [any]</summary>
    public Task FirstPulseLeft => _firstPulseLeft.Task;

    /// <summary>Serves until the token fires, then ends every session in good order. Called once. [any]</summary>
    /// <param name="listener">Where Pulse and the host connect; disposed at the end.</param>
    /// <param name="cancellationToken">Ends the service; the task then completes normally.</param>
    /// <returns>Completes when nothing runs any more.</returns>
    public async Task RunAsync(IClusterListener listener, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listener);
        var description = Describe(_network is TransportSet { EndPoints: { Count: > 0 } all } ? [.. all] : [listener.LocalEndPoint]);
        var inProcess = await _inProcess.ListenAsync(InProcessNode, CancellationToken.None).ConfigureAwait(false);
        await using (listener.ConfigureAwait(false))
        await using (inProcess.ConfigureAwait(false))
        {
            Task[] accepting = [AcceptAsync(listener, description, cancellationToken), AcceptAsync(inProcess, description, cancellationToken)];
            await Task.WhenAll(accepting).ConfigureAwait(false);
        }
    }

    /// <summary>Lets a Pulse in, or not: there is one at a time.</summary>
    internal PulseSession? TryAdmitPulse(PipeControlChannel control)
    {
        var hub = _options.Role == NodeRole.Host ? new HubDialer(_network, _inProcess, InProcessNode, _options.Trust, _loggers, _time) : null;
        lock (_gate)
        {
            return _pulse is null ? _pulse = new PulseSession(_options, control, _renderers, _media, _sinks, _noteSinks, _devices, hub, _time) : null;
        }
    }

    /// <summary>A Pulse that was let in has left.</summary>
    internal void Forget(PulseSession session)
    {
        lock (_gate)
        {
            if (_pulse == session)
            {
                _pulse = null;
            }
        }

        _firstPulseLeft.TrySetResult();
    }

    /// <summary>The session of the Pulse that announced a host.</summary>
    /// <exception cref="ControlException">None did, or it meant another one.</exception>
    internal PulseSession AdmitHost(string? token, NodeFingerprint? peer)
    {
        var pulse = _pulse ?? throw new ControlException("token", "The token was not announced, or was used before.");
        pulse.Node.AdmitHost(token, peer);
        return pulse;
    }

    private NodeDescription Describe(ImmutableArray<Uri> endPoints) => new()
    {
        Id = _options.Id,
        Name = _options.Name,
        Role = _options.Role,
        EndPoints = endPoints,
        ProcessId = Environment.ProcessId,
        Cores = Environment.ProcessorCount,
        Workers = _options.Workers,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        Hardware = HardwareProbe.Run(_renderers, _media, _time),
        Plugins = _options.Plugins,
        Version = _options.Version,
    };

    private async Task AcceptAsync(IClusterListener listener, NodeDescription description, CancellationToken cancellationToken)
    {
        var serving = new List<(SignalConnection Connection, Task Task)>();
        try
        {
            while (await listener.AcceptAsync(cancellationToken).ConfigureAwait(false) is { } connection)
            {
                serving.RemoveAll(served => served.Task.IsCompleted);
                if (serving.Count(served => !served.Connection.IsAdmitted) >= MaxStrangers)
                {
                    ClusterLog.TooManyStrangers(_logger, connection.RemoteEndPoint, MaxStrangers);
                    connection.Abort("Too many others have not said who they are.");
                    await connection.DisposeAsync().ConfigureAwait(false);
                    continue;
                }

                var served = new SignalConnection(this, connection, description, _media, _options, _loggers, _time);
                serving.Add((served, served.ServeAsync(cancellationToken)));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service is to end.
        }

        await Task.WhenAll(serving.Select(served => served.Task)).ConfigureAwait(false);
    }
}
