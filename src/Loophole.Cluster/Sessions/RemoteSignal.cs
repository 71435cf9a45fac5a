using System.Collections.Immutable;
using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Gestures;
using Loophole.Cluster.Media;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Meters;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Sessions;

/// <summary>A Signal as Pulse sees it: a connection that answers commands and is watched.</summary>
internal sealed class RemoteSignal : IControlHandler, IAsyncDisposable
{
    /// <summary>How often it is asked what it has done.</summary>
    private static readonly TimeSpan TelemetryPeriod = TimeSpan.FromSeconds(1);

    private readonly IClusterConnection _connection;
    private readonly PipeControlChannel _control;
    private readonly IRemoteSignalEvents _events;
    private readonly TimeSpan _mediaPatience;
    private readonly TimeProvider _time;
    private readonly NodeTrust? _trust;
    private GestureChannel? _gestures;
    private Task _metering = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private long _roundTrip;
    private int _isLost;

    private RemoteSignal(IClusterConnection connection, PipeControlChannel control, IRemoteSignalEvents events, TimeSpan mediaPatience, NodeTrust? trust, TimeProvider time)
    {
        (_connection, _control, _events, _mediaPatience, _trust, _time) = (connection, control, events, mediaPatience, trust, time);
        Transport = connection.RemoteEndPoint.Scheme;
    }

    /// <summary>What it said of itself.</summary>
    public NodeDescription Description { get; private set; } = null!;

    /// <summary>The plugins it has, by <see cref="NodePlugin.Key"/>; <see langword="null"/> when it does not say.</summary>
    public ImmutableHashSet<string>? Plugins { get; private set; }

    /// <summary>How long it mostly took to answer over the last minute; zero before it was asked. [any]</summary>
    public TimeSpan RoundTrip => TimeSpan.FromTicks(Interlocked.Read(ref _roundTrip));

    /// <summary>How it is, for the registry.</summary>
    public NodeCondition Condition { get; private set; } = null!;

    /// <summary>What is proven of it. [any]</summary>
    public NodeStanding Standing => Fingerprint is { } peer && _trust?.Store.Current.Find(peer) is { } known
        ? new NodeStanding(peer, known.State, known.Kind)
        : new NodeStanding(Fingerprint, null, PeerKinds.Of(EndPoint));

    /// <summary>Who it has proven to be; <see langword="null"/> on the same machine. [any]</summary>
    public NodeFingerprint? Fingerprint => _connection.RemoteFingerprint;

    /// <summary>Where it was reached. [any]</summary>
    public Uri EndPoint => _connection.RemoteEndPoint;

    /// <summary>Scheme of the transport that carries its audio; until that is known, and for the host, of the one that carries commands. [render]</summary>
    public string Transport { get; private set; }

    /// <summary>Whether it was declared lost, or disposed. [any]</summary>
    public bool IsLost => Volatile.Read(ref _isLost) != 0;

    /// <summary>Connects, makes sure of each other, and registers.</summary>
    /// <exception cref="TransportException">It cannot be reached.</exception>
    /// <exception cref="ControlException">It does not want us, or is not trusted.</exception>
    /// <exception cref="TrustException">The trust store cannot be changed.</exception>
    public static async Task<RemoteSignal> ConnectAsync(
        IClusterTransport network,
        IReadOnlyList<Uri> endPoints,
        RenderCoordinatorOptions options,
        NodeTrust? trust,
        IRemoteSignalEvents events,
        IClusterRegistry registry,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var connection = await PeerDialer.ConnectAsync(network, endPoints, cancellationToken).ConfigureAwait(false);
        var control = new PipeControlChannel(connection.Control, new PipeControlChannelOptions { Party = Party.Pulse, RequestTimeout = options.CommandTimeout }, loggers, time);
        var signal = new RemoteSignal(connection, control, events, options.CommandTimeout, trust, time);
        try
        {
            signal._reading = control.RunAsync(signal, connection.Closed);
            using var patience = new CancellationTokenSource(options.LostAfter * 2, time);
            using var hurry = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            await Introduction.MakeAsync(trust, connection, control, options.Name, loggers.CreateLogger<RemoteSignal>(), time, hurry.Token).ConfigureAwait(false);
            var answer = await control.RequestAsync(Party.Signal, "client", "hello", ClusterJson.ToElement(new HelloCommand(HelloCommand.CurrentProtocol, HelloCommand.PulseRole, null, (int)Heartbeat.PeriodFor(options.LostAfter).TotalMilliseconds)), hurry.Token).ConfigureAwait(false);
            var description = NodeClaims.Check(Payload.Read<NodeDescription>(answer));
            signal.Description = description with { EndPoints = AdvertisedEndPoints.SeenFrom(signal.EndPoint, description.EndPoints) };
            signal.Plugins = description.Plugins?.Select(plugin => plugin.Key).ToImmutableHashSet();
            signal.Condition = new NodeCondition(registry, description.Id);
            signal._watching = Task.WhenAll(signal.WatchAsync(options.LostAfter), signal.WatchTrustAsync(), signal.MeasureAsync(loggers.CreateLogger<RemoteSignal>()));
            return signal;
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            await signal.DisposeAsync().ConfigureAwait(false);
            throw new ControlException(ControlException.TimeoutCode, $"{signal.EndPoint} did not answer.", innerException: late);
        }
        catch
        {
            await signal.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <exception cref="ControlException">Refused, timed out, or the connection is lost.</exception>
    public async Task<TAnswer> AskAsync<TAnswer, TCommand>(string domain, string name, TCommand command, CancellationToken cancellationToken)
    {
        var answer = await _control.RequestAsync(Party.Signal, domain, name, ClusterJson.ToElement(command), cancellationToken).ConfigureAwait(false);
        return Payload.Read<TAnswer>(answer);
    }

    /// <summary>Sends a command whose answer says only that it was carried out.</summary>
    /// <exception cref="ControlException">Refused, timed out, or the connection is lost.</exception>
    public Task TellAsync<TCommand>(string domain, string name, TCommand command, CancellationToken cancellationToken) =>
        AskAsync<Empty, TCommand>(domain, name, command, cancellationToken);

    /// <summary>The host has reached it for audio. [render]</summary>
    /// <exception cref="ControlException">Not at an endpoint.</exception>
    public void CarryAudio(Uri endPoint) => Transport = endPoint.IsAbsoluteUri
        ? endPoint.Scheme
        : throw new ControlException(ControlException.BadAnswerCode, $"The host has reached {Description.Name} at \"{endPoint}\", which is no endpoint.");

    /// <summary>Sends the assets that it lacks.</summary>
    /// <exception cref="ControlException">It did not answer.</exception>
    /// <exception cref="MediaException">It could not store one.</exception>
    /// <exception cref="TransportException">The connection is lost.</exception>
    public async Task SendMediaAsync(IReadOnlyCollection<MediaId> assets, IMediaStore store, CancellationToken cancellationToken)
    {
        var missing = await AskAsync<MediaQuery, MediaQuery>("media", "query", new MediaQuery([.. assets]), cancellationToken).ConfigureAwait(false);
        if (missing.Assets.Any(asset => !assets.Contains(asset)))
        {
            throw new ControlException(ControlException.BadAnswerCode, $"{Description.Name} lacks assets that it was not asked about.");
        }

        if (missing.Assets.Length > 0)
        {
            var channel = await _connection.OpenChannelAsync(ChannelPurpose.Media, cancellationToken).ConfigureAwait(false);
            await using var closing = channel.ConfigureAwait(false);
            // The channel fails with its connection, so the caller's token is all that is needed.
            await MediaTransfer.SendAsync(channel, store, missing.Assets, _mediaPatience, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>How many bundles of gestures were sent. [render]</summary>
    public uint Bundles { get; private set; }

    /// <summary>Sends what hands have moved. [render]</summary>
    /// <exception cref="TransportException">The connection is lost.</exception>
    public async Task MoveAsync(long knownBefore, ImmutableArray<GestureValue> values, CancellationToken cancellationToken)
    {
        _gestures ??= new GestureChannel(await _connection.OpenChannelAsync(ChannelPurpose.Events, cancellationToken).ConfigureAwait(false));
        await _gestures.SendAsync(new GestureBundle(Bundles++, knownBefore, values), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes what its meters have measured, from now on. Without that it plays all the same. [render]</summary>
    public async Task OpenMetersAsync(MeterBoard board, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            var channel = await _connection.OpenChannelAsync(ChannelPurpose.Meters, cancellationToken).ConfigureAwait(false);
            _metering = ReceiveMetersAsync(new MeterChannel(channel), board, logger);
        }
        catch (TransportException refused)
        {
            ClusterLog.MetersEnded(logger, Description.Name, refused.Message);
        }
    }

    /// <summary>Declares it lost: cuts the connection, so that whoever waits for an answer stops waiting. [any]</summary>
    public void Lose(string reason)
    {
        if (Interlocked.Exchange(ref _isLost, 1) == 0)
        {
            _connection.Abort(reason);
            _events.Lost(this, reason);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _isLost, 1);
        if (_gestures is not null)
        {
            await _gestures.DisposeAsync().ConfigureAwait(false);
        }

        await _control.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_watching, _reading, _metering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Why nothing of a project may run there, or <see langword="null"/>. [any]</summary>
    public string? FindObjection(string? project)
    {
        if (_trust is null || Fingerprint is not { } peer)
        {
            return null;
        }

        var trusted = _trust.Store.Current;
        return !trusted.Rules.Projects.Allows(project) ? $"the rules keep {Named(project)} on the host"
            : trusted.Find(peer)?.Projects.Allows(project) == false ? $"{Description.Name} may not be sent anything of {Named(project)}"
            : null;
    }

    public ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken) =>
        throw new ControlException("unknownName", $"Pulse answers no {command.Domain}.{command.Name} here.");

    public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken)
    {
        _events.Told(this, envelope);
        return default;
    }

    /// <summary>Asks every second what it has done, and the host how what all have done has come to it.</summary>
    private async Task MeasureAsync(ILogger logger)
    {
        var (meter, trips, links) = (new NodeMeter(Description.Workers), new RoundTrips(), new LinkDifferences());
        var hasComplained = false;
        try
        {
            for (var before = _time.GetTimestamp(); ;)
            {
                await Task.Delay(TelemetryPeriod, _time, _connection.Closed).ConfigureAwait(false);
                var (asked, askedAt) = (_time.GetTimestamp(), _time.GetUtcNow());
                var answer = await _control.RequestAsync(Party.Signal, "cluster", "telemetry", ClusterJson.ToElement(Empty.Instance), _connection.Closed).ConfigureAwait(false);
                trips.Add(_time.GetElapsedTime(asked), askedAt, answer.Timestamp);
                Interlocked.Exchange(ref _roundTrip, trips.Median.Ticks);
                if (meter.Next(Payload.Read<TelemetryReport>(answer), _time.GetElapsedTime(before, asked), trips, out var fault) is { } measured)
                {
                    before = asked;
                    _events.Measured(this, measured);
                }

                if (fault is null && Description.Role == NodeRole.Host)
                {
                    var come = await AskAsync<LinksReport, Empty>("engineDiagnostics", "links", Empty.Instance, _connection.Closed).ConfigureAwait(false);
                    if (links.Next(come, out fault) is { } moved)
                    {
                        _events.Measured(this, moved);
                    }
                }

                if (fault is not null && !hasComplained)
                {
                    hasComplained = true;
                    ClusterLog.TelemetryAbsurd(logger, Description.Name, fault);
                }
            }
        }
        catch (Exception ended) when (ended is ControlException or OperationCanceledException)
        {
            // Whoever watches the connection says why.
        }
    }

    private static string Named(string? project) => project is null ? "a project without a name" : $"the project \"{project}\"";

    /// <summary>Takes what comes until it ends or is none, which ends this channel and nothing else.</summary>
    private async Task ReceiveMetersAsync(MeterChannel meters, MeterBoard board, ILogger logger)
    {
        await using var closing = meters.ConfigureAwait(false);
        try
        {
            for (var due = 0u; await meters.ReceiveAsync(_connection.Closed).ConfigureAwait(false) is { } bundle; due++)
            {
                if (bundle.Number != due)
                {
                    throw MeterChannel.Malformed($"bundle {bundle.Number} where {due} was due");
                }

                board.Take(Description.Id, bundle);
            }
        }
        catch (TransportException failure)
        {
            meters.Abort(failure.Message);
            ClusterLog.MetersEnded(logger, Description.Name, failure.Message);
        }
    }

    private async Task WatchTrustAsync()
    {
        if (_trust is not null && Fingerprint is { } peer)
        {
            try
            {
                Lose(await TrustWatch.UntilRefusedAsync(_trust.Store, peer, _connection.Closed).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (_connection.Closed.IsCancellationRequested)
            {
                // Nothing left to cut.
            }
        }
    }

    private async Task WatchAsync(TimeSpan lostAfter)
    {
        var beating = Heartbeat.RunAsync(_control, Party.Signal, Heartbeat.PeriodFor(lostAfter), lostAfter, _time, Condition.Suspect, _connection.Closed);
        var first = await Task.WhenAny(beating, _reading).ConfigureAwait(false);
        Lose(first == beating && beating.IsCompletedSuccessfully
            ? $"silent for {beating.Result.TotalSeconds:0.0} s"
            : $"the connection ended{(first.Exception?.InnerException is { } cause ? $": {cause.Message}" : "")}");
        await Task.WhenAll(beating, _reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
