using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Registry;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Support;

/// <summary>A host with a device that a test ticks, and a satellite that renders everything but the master, on networks of the test's.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const int GridBlock = 160;
    public const int DeviceBlock = 480;

    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly RenderCoordinator _coordinator;
    private readonly ClusterRegistry _registry = new();
    private readonly TimeProvider _time;
    private readonly List<Task> _serving = [];
    private Task<PlayResult> _playing = null!;
    private volatile PlayProgress? _last;

    private Stage(IClusterTransport network, IPartitioner partitioner, TimeProvider time)
    {
        _time = time;
        _coordinator = new RenderCoordinator(
            new RenderCoordinatorOptions { LostAfter = TimeSpan.FromMinutes(5), CommandTimeout = TimeSpan.FromMinutes(5) },
            network, _registry, partitioner, new FakeProcessors(), new FakeMedia(), time: time);
    }

    public FakeDevices.FakeDevice Device { get; private set; } = null!;

    /// <summary>How the host was when it was last asked.</summary>
    public NodeTelemetry? Host => TelemetryOf(NodeRole.Host);

    /// <summary>How the satellite was when it was last asked.</summary>
    public NodeTelemetry? Satellite => TelemetryOf(NodeRole.Satellite);

    /// <summary>The newest that Pulse was told.</summary>
    public PlayProgress? Last => _last;

    public static PlayRequest Request(int lead, int? mostLead = null, AudioGraph? graph = null) => new()
    {
        Graph = graph ?? RandomGraph.Bus(5),
        Device = "fake",
        DeviceBlockFrames = DeviceBlock,
        BlockFrames = GridBlock,
        LeadFrames = lead,
        MostLeadFrames = mostLead ?? lead,
        CheckpointFrames = 10 * GridBlock,
    };

    /// <summary>A track that is heard, and goes through an insert, which is all that can be away.</summary>
    public static AudioGraph InsertGraph(int insertFrames, params ImmutableArray<GraphNode> nodes) => new()
    {
        SampleRate = 48_000,
        LengthFrames = 0,
        OutputChannelId = "out",
        Channels = [new Channel { Id = "track", Name = "Track", OutputChannelId = "out", IsLive = true, InsertFrames = insertFrames, Nodes = nodes }, new Channel { Id = "out", Name = "Out" }],
    };

    /// <summary>The Bus, rendered offline.</summary>
    public static Task<float[]> ReferenceAsync(long frames) => Studio.ReferenceAsync(Studio.Request(frames, GridBlock, graph: RandomGraph.Bus(5)));

    /// <summary>Starts playing and waits until the device runs and has said where it is.</summary>
    /// <param name="request">What is played.</param>
    /// <param name="pulse">What Pulse dials by.</param>
    /// <param name="host">What the host listens and dials by.</param>
    /// <param name="satellite">What the satellite listens by.</param>
    /// <param name="local">Where both listen.</param>
    /// <param name="reach">How the satellite's endpoint is reached.</param>
    /// <param name="time">The clock of all.</param>
    /// <param name="partitioner">Who places; <see langword="null"/> to have everything away that may be.</param>
    /// <param name="settle">What happens between all being connected and playing.</param>
    public static async Task<Stage> StartAsync(PlayRequest request, IClusterTransport pulse, IClusterTransport host, IClusterTransport satellite, Func<NodeRole, Uri> local, Func<Uri, Uri> reach, TimeProvider time, IPartitioner? partitioner = null, Func<IClusterRegistry, Task>? settle = null)
    {
        var stage = new Stage(pulse, partitioner ?? new LeavesAway(), time);
        var devices = new FakeDevices();
        await stage._coordinator.ConnectAsync(await stage.ServeAsync(NodeRole.Host, host, local, devices), Wait.Token);
        await stage._coordinator.ConnectAsync(reach(await stage.ServeAsync(NodeRole.Satellite, satellite, local, devices)), Wait.Token);
        await (settle?.Invoke(stage._registry) ?? Task.CompletedTask);
        stage._playing = stage._coordinator.PlayAsync(request, new Progress(stage), stage._stop.Token, Wait.Token);
        await Wait.For(Task.WhenAny(stage._playing, devices.Started)).Unwrap();
        stage.Device = await devices.Started;
        await Wait.Until(() => stage._last is not null, "the first position");
        return stage;
    }

    public async Task<PlayResult> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_playing, Wait.For(Device.Ended));
        if (_time is ManualTimeProvider clock)
        {
            // The host notices when it next looks.
            clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        return await Wait.For(_playing);
    }

    public async ValueTask DisposeAsync()
    {
        await ((Task)StopAsync()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _coordinator.DisposeAsync();
        await _ending.CancelAsync();
        await Wait.For(Task.WhenAll(_serving));
        _ending.Dispose();
        _stop.Dispose();
    }

    private NodeTelemetry? TelemetryOf(NodeRole role) => _registry.Current.Nodes.Single(node => node.Description.Role == role).Telemetry;

    private async Task<Uri> ServeAsync(NodeRole role, IClusterTransport network, Func<NodeRole, Uri> local, FakeDevices devices)
    {
        var listener = await network.ListenAsync(local(role), Wait.Token);
        var service = new SignalService(new SignalOptions { Name = $"{role}", Role = role }, network, new FakeRenderers(), new FakeMedia(), new FakeSinks(), [devices], time: _time);
        _serving.Add(service.RunAsync(listener, _ending.Token));
        return listener.LocalEndPoint;
    }

    private sealed class Progress(Stage stage) : IProgress<PlayProgress>
    {
        public void Report(PlayProgress value) => stage._last = value;
    }
}
