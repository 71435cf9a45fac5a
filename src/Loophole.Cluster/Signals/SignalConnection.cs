using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Gestures;
using Loophole.Cluster.Media;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Meters;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Sessions;
using Loophole.Cluster.State;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Transports;
using Loophole.Cluster.Trust;
using Microsoft.Extensions.Logging;

namespace Loophole.Cluster.Signals;

/// <summary>One connection to a Signal, from the hello that says who it is to its end.</summary>
internal sealed class SignalConnection : IControlHandler
{
    /// <summary>How long a peer may take to say hello, and a host to open its link.</summary>
    private static readonly TimeSpan HelloDeadline = TimeSpan.FromSeconds(10);

    private readonly SignalService _service;
    private readonly IClusterConnection _connection;
    private readonly NodeDescription _description;
    private readonly IMediaStore _media;
    private readonly SignalOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StrangerChannel _channel;
    private readonly PipeControlChannel _control;
    private readonly PeerGate _gate;
    private readonly TaskCompletionSource<Func<CancellationToken, Task>> _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PulseSession? _pulse;

    public SignalConnection(SignalService service, IClusterConnection connection, NodeDescription description, IMediaStore media, SignalOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        (_service, _connection, _description, _media, _options, _time) = (service, connection, description, media, options, time);
        _logger = loggers.CreateLogger<SignalConnection>();
        _channel = new StrangerChannel(connection.Control);
        _control = new PipeControlChannel(_channel, new PipeControlChannelOptions { Party = Party.Signal }, loggers, time);
        _gate = new PeerGate(options.Trust, connection, options.Name, _logger, time);
    }

    /// <summary>Whether it is known whom it serves. [any]</summary>
    public bool IsAdmitted => _admitted.Task.IsCompleted;

    /// <summary>Serves to the end. Never throws: what goes wrong here concerns this connection only.</summary>
    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _connection.Closed);
        var reading = _control.RunAsync(this, ending.Token);
        var serving = Task.CompletedTask;
        try
        {
            var serve = await _admitted.Task.WaitAsync(HelloDeadline, _time, ending.Token).ConfigureAwait(false);
            serving = serve(ending.Token);
            await Task.WhenAny(serving, reading, WatchTrustAsync(ending.Token)).Unwrap().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            ClusterLog.ConnectionEnded(_logger, _connection.RemoteEndPoint, failure.Message);
        }
        finally
        {
            // A command under way may still let a Pulse in, or open a link: it is through before anything is taken down.
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(reading, serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_pulse is not null)
            {
                await _pulse.DisposeAsync().ConfigureAwait(false);
                _service.Forget(_pulse);
            }

            await _control.DisposeAsync().ConfigureAwait(false);
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken)
    {
        if (command is { Domain: "client", Name: "hello" })
        {
            return Hello(Payload.Read<HelloCommand>(command));
        }

        if (command.Domain == "trust" && !_admitted.Task.IsCompleted)
        {
            return await _gate.HandleAsync(command, cancellationToken).ConfigureAwait(false);
        }

        return _pulse is { } pulse
            ? await pulse.HandleAsync(command, cancellationToken).ConfigureAwait(false)
            : throw new ControlException("noHello", "The first command is client.hello from a Pulse.");
    }

    public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => default;

    private JsonElement Hello(HelloCommand hello)
    {
        if (hello.Protocol != HelloCommand.CurrentProtocol)
        {
            throw new ControlException("protocol", $"This Signal speaks protocol {HelloCommand.CurrentProtocol}, not {hello.Protocol}.");
        }

        if (!HelloCommand.IsBeat(hello.BeatMilliseconds))
        {
            throw new ControlException("beat", $"Nothing can be said every {hello.BeatMilliseconds} ms.");
        }

        if (_admitted.Task.IsCompleted)
        {
            throw new ControlException("helloAgain", "This connection has said hello already.");
        }

        switch (hello.Role)
        {
            case HelloCommand.PulseRole:
                _gate.CheckPulse();
                _pulse = _service.TryAdmitPulse(_control) ?? throw new ControlException("busy", $"{_description.Name} works for another Pulse.");
                _admitted.TrySetResult(token => ServePulseAsync(TimeSpan.FromMilliseconds(hello.BeatMilliseconds), token));
                break;
            case HelloCommand.HostRole:
                _gate.CheckHost();
                var session = _service.AdmitHost(hello.Token, _connection.RemoteFingerprint);
                _admitted.TrySetResult(token => ServeHostAsync(session, token));
                break;
            default:
                throw new ControlException("role", $"A Signal serves pulse and host, not \"{hello.Role}\".");
        }

        _channel.Admit();
        return ClusterJson.ToElement(_description);
    }

    private async Task ServePulseAsync(TimeSpan period, CancellationToken cancellationToken)
    {
        var channels = ServeChannelsAsync(cancellationToken);
        try
        {
            var silence = await Heartbeat.RunAsync(_control, Party.Pulse, period, _options.PulseDeadline, _time, onSuspicion: null, cancellationToken).ConfigureAwait(false);
            _connection.Abort($"Pulse was silent for {silence.TotalSeconds:0.0} s.");
        }
        catch
        {
            _connection.Abort("The connection with Pulse ended.");
            throw;
        }
        finally
        {
            await channels.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeChannelsAsync(CancellationToken cancellationToken)
    {
        var (moving, metering) = (Task.CompletedTask, Task.CompletedTask);
        try
        {
            while (await _connection.AcceptChannelAsync(cancellationToken).ConfigureAwait(false) is { } channel)
            {
                if (channel.Purpose == ChannelPurpose.Events && moving.IsCompleted)
                {
                    moving = ReceiveGesturesAsync(channel, cancellationToken);
                }
                else if (channel.Purpose == ChannelPurpose.Meters && metering.IsCompleted)
                {
                    metering = SendMetersAsync(channel, cancellationToken);
                }
                else
                {
                    await ReceiveMediaAsync(channel, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await Task.WhenAll(moving, metering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReceiveMediaAsync(IClusterChannel channel, CancellationToken cancellationToken)
    {
        await using (channel.ConfigureAwait(false))
        {
            try
            {
                if (channel.Purpose == ChannelPurpose.Media)
                {
                    await MediaTransfer.ReceiveAsync(channel, _media, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (IOException failure)
            {
                // Pulse learns of it on the channel; the next transfer comes on a channel of its own.
                ClusterLog.ConnectionEnded(_logger, _connection.RemoteEndPoint, failure.Message);
            }
        }
    }

    /// <summary>Sends what meters have measured, for as long as Pulse reads it.</summary>
    private async Task SendMetersAsync(IClusterChannel channel, CancellationToken cancellationToken)
    {
        var meters = new MeterChannel(channel);
        await using var closing = meters.ConfigureAwait(false);
        try
        {
            await _pulse!.Node.Meters.SendAsync(meters, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TransportException failure)
        {
            // Pulse wants no more of it, or is gone, which others notice.
            ClusterLog.MetersEnded(_logger, _options.Name, failure.Message);
        }
    }

    /// <summary>Takes gestures to the end of their channel. What is none ends the connection: what Pulse and this Signal know would part.</summary>
    private async Task ReceiveGesturesAsync(IClusterChannel channel, CancellationToken cancellationToken)
    {
        var gestures = new GestureChannel(channel);
        await using var closing = gestures.ConfigureAwait(false);
        try
        {
            while (await gestures.ReceiveAsync(cancellationToken).ConfigureAwait(false) is { } bundle)
            {
                _pulse!.Node.Move(bundle);
            }
        }
        catch (TransportException failure)
        {
            ClusterLog.ConnectionEnded(_logger, _connection.RemoteEndPoint, failure.Message);
            _connection.Abort(failure.Message);
        }
    }

    /// <summary>Cuts the connection when the peer may no longer have it.</summary>
    private async Task WatchTrustAsync(CancellationToken cancellationToken)
    {
        if (_options.Trust is not { } trust || _connection.RemoteFingerprint is not { } peer)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken).ConfigureAwait(false);
            return;
        }

        // Pulse vouched for the host: it need not be known here.
        var reason = await (_pulse is not null ? TrustWatch.UntilRefusedAsync(trust.Store, peer, cancellationToken) : TrustWatch.UntilRevokedAsync(trust.Store, peer, cancellationToken)).ConfigureAwait(false);
        _connection.Abort(reason);
        throw new ControlException(RefusalCode.Revoked, $"{reason}.");
    }

    private async Task ServeHostAsync(PulseSession session, CancellationToken connectionEnding)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(connectionEnding, session.Ended);
        var cancellationToken = ending.Token;
        using var patience = new CancellationTokenSource(HelloDeadline, _time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var link = await _connection.AcceptAudioLinkAsync(deadline.Token).ConfigureAwait(false)
            ?? throw new TransportException(TransportError.PeerReset, "The host left before it opened its audio link.");
        await using var closingLink = link.ConfigureAwait(false);
        var channel = await _connection.AcceptChannelAsync(deadline.Token).ConfigureAwait(false)
            ?? throw new TransportException(TransportError.PeerReset, "The host left before it opened its state channel.");
        var state = new StateChannel(channel);
        await using var closingState = state.ConfigureAwait(false);
        if (channel.Purpose != ChannelPurpose.State)
        {
            throw new TransportException(TransportError.ProtocolViolation, $"The host opened a channel for {channel.Purpose}, not for state.");
        }

        await session.Node.ServeHostAsync((ring, runInserts) => new HostPeer(link, state, !_connection.RemoteEndPoint.IsLoopback, ring, runInserts), cancellationToken).ConfigureAwait(false);
    }
}
