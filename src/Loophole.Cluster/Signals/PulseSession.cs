using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Devices;
using Loophole.Cluster.Hub;
using Loophole.Cluster.Media;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Rendering;

namespace Loophole.Cluster.Signals;

/// <summary>What a Signal does for one Pulse, command by command.</summary>
internal sealed class PulseSession : IHubEvents, IAsyncDisposable
{
    private readonly PipeControlChannel _control;
    private readonly IMediaStore _media;
    private readonly AudioHub? _hub;
    private readonly CancellationTokenSource _ending = new();

    public PulseSession(SignalOptions options, PipeControlChannel control, IRendererFactory renderers, IMediaStore media, IRenderSinkFactory sinks, INoteSinkFactory? noteSinks, IReadOnlyList<IAudioDeviceHost> devices, HubDialer? dialer, TimeProvider time)
    {
        (_control, _media) = (control, media);
        Node = new RenderNode(options.Name, options.Workers, renderers, media, time, failed => Tell("cluster", "subgraphFailed", failed));
        _hub = dialer is null ? null : new AudioHub(dialer, sinks, noteSinks, devices, this, time);
    }

    public RenderNode Node { get; }

    /// <summary>Fires when the session ends; what Pulse vouched for ends with it. [any]</summary>
    public CancellationToken Ended => _ending.Token;

    /// <summary>Carries out a command.</summary>
    /// <exception cref="ControlException">Refused.</exception>
    public async Task<JsonElement> HandleAsync(Envelope command, CancellationToken cancellationToken)
    {
        switch (command.Domain, command.Name)
        {
            case ("media", "query"):
                var query = Payload.Read<MediaQuery>(command);
                return ClusterJson.ToElement(new MediaQuery([.. query.Assets.Where(asset => !_media.Contains(asset))]));
            case ("cluster", "expectHost"):
                Node.ExpectHost(Payload.Read<ExpectHostCommand>(command));
                break;
            case ("cluster", "deploy"):
                Node.Deploy(Payload.Read<DeployCommand>(command));
                break;
            case ("cluster", "deployLive"):
                _ = Hub(command);
                Node.DeployLive(Payload.Read<DeployLiveCommand>(command));
                break;
            case ("cluster", "events"):
                Node.AddEvents(Payload.Read<EventsCommand>(command));
                break;
            case ("cluster", "revise"):
                await Node.ReviseAsync(Payload.Read<ReviseCommand>(command), cancellationToken).ConfigureAwait(false);
                break;
            case ("cluster", "retire"):
                Node.Retire(Payload.Read<RetireCommand>(command));
                break;
            case ("cluster", "withdraw"):
                Node.Withdraw();
                break;
            case ("cluster", "telemetry"):
                return ClusterJson.ToElement(Node.Report(_hub?.CallbackSeconds ?? 0));
            case ("engineDiagnostics", "links"):
                return ClusterJson.ToElement(Hub(command).TakeLinks());
            case ("rendering", "connectNode"):
                return ClusterJson.ToElement(await Hub(command).ConnectNodeAsync(Payload.Read<ConnectNodeCommand>(command), cancellationToken).ConfigureAwait(false));
            case ("rendering", "start"):
                await Hub(command).StartAsync(Payload.Read<StartCommand>(command), cancellationToken).ConfigureAwait(false);
                break;
            case ("playback", "start"):
                return ClusterJson.ToElement(await Hub(command).PlayAsync(Payload.Read<PlayCommand>(command), Node.Live, cancellationToken).ConfigureAwait(false));
            case ("playback", "cut"):
                return ClusterJson.ToElement(Hub(command).Cut(Payload.Read<CutCommand>(command)));
            case ("playback", "turn"):
                return ClusterJson.ToElement(Hub(command).Turn(Payload.Read<TurnCommand>(command), Node));
            case ("rendering", "release"):
                return ClusterJson.ToElement(Hub(command).Release(Payload.Read<ReleaseCommand>(command)));
            case ("rendering", "place"):
                await Hub(command).PlaceAsync(Payload.Read<PlaceCommand>(command), cancellationToken).ConfigureAwait(false);
                break;
            case ("playback", "stop"):
                return ClusterJson.ToElement(await Hub(command).StopAsync().ConfigureAwait(false));
            case ("rendering", "dropNode"):
                return ClusterJson.ToElement(await Hub(command).DropNodeAsync(Payload.Read<DropNodeCommand>(command)).ConfigureAwait(false));
            case ("rendering", "move"):
                await Hub(command).MoveAsync(Payload.Read<MoveCommand>(command), cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new ControlException("unknownName", $"A Signal knows no {command.Domain}.{command.Name}.");
        }

        return ClusterJson.ToElement(Empty.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        if (_hub is not null)
        {
            await _hub.DisposeAsync().ConfigureAwait(false);
        }

        Node.Dispose();
    }

    void IHubEvents.Progress(RenderingProgress progress) => Tell("rendering", "progress", progress);

    void IHubEvents.Finished(RenderingFinished finished) => Tell("rendering", "finished", finished);

    void IHubEvents.Position(PlayPosition position) => Tell("playback", "position", position);

    void IHubEvents.Gap(GapHeard gap) => Tell("playback", "gap", gap);

    void IHubEvents.Turned(Turned turned) => Tell("playback", "turned", turned);

    void IHubEvents.Failed(RenderingFailed failed) => Tell("rendering", "failed", failed);

    void IHubEvents.NodeFailed(NodeFailed failed) => Tell("rendering", "nodeFailed", failed);

    private AudioHub Hub(Envelope command) => _hub ?? throw new ControlException("notHost", $"{command.Domain}.{command.Name} is for the host Signal.");

    private void Tell<T>(string domain, string name, T payload) => _ = TellAsync(domain, name, ClusterJson.ToElement(payload));

    private async Task TellAsync(string domain, string name, JsonElement payload)
    {
        try
        {
            await _control.SendEventAsync(Party.Pulse, domain, name, payload, CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Pulse is gone; the connection's end says so to everybody who must know.
        }
    }
}
