using Loophole.Cluster;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Tcp;
using Loophole.Engine;

namespace Loophole.Bench.Playback;

/// <summary>One performance: Pulse and the host Signal in this process, satellites in their own, between them TCP.</summary>
internal sealed class Performance : IAsyncDisposable
{
    private readonly TcpTransport _network = new(new TcpTransportOptions { InsecureLoopback = true });
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Progress _progress = new();
    private RenderCoordinator? _coordinator;
    private Task _serving = Task.CompletedTask;
    private Task<PlayResult>? _playing;

    private Performance()
    {
    }

    public List<SatelliteProcess> Satellites { get; } = [];

    public CallMeter Meter { get; private set; } = null!;

    /// <summary>Late blocks so far.</summary>
    public long LateBlocks => _progress.Last?.LateBlocks ?? 0;

    /// <summary>Starts everything and waits until it plays.</summary>
    public static async Task<Performance> StartAsync(Scene scene, bool floods = false, bool marksCalls = false)
    {
        var performance = new Performance();
        try
        {
            await performance.BeginAsync(scene, floods, marksCalls);
            return performance;
        }
        catch
        {
            await performance.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until so much more was played.</summary>
    public async Task PlayAsync(double seconds)
    {
        var end = (_progress.Last?.RenderFrame ?? 0) + (long)(seconds * Tones.SampleRate);
        var reached = _progress.ReachAsync(end);
        if (await Task.WhenAny(reached, _playing!) != reached)
        {
            await _playing!;
        }
    }

    public async Task<PlayResult> EndAsync()
    {
        await _stop.CancelAsync();
        return await _playing!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_playing is not null)
        {
            await ((Task)_playing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_coordinator is not null)
        {
            await _coordinator.DisposeAsync();
        }

        await _ending.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _network.DisposeAsync();
        foreach (var satellite in Satellites)
        {
            await satellite.DisposeAsync();
        }

        _ending.Dispose();
        _stop.Dispose();
    }

    private async Task BeginAsync(Scene scene, bool floods, bool marksCalls)
    {
        var processors = new BuiltInProcessors();
        var devices = new MeteredDevices(scene.OpenDevices(), marksCalls);
        var listener = await _network.ListenAsync(new Uri("tcp://127.0.0.1:0"));
        var host = new SignalService(new SignalOptions { Name = "host", Role = NodeRole.Host }, _network, new EngineRendererFactory(processors), new NoMedia(), new NoSinks(), [devices]);
        _serving = host.RunAsync(listener, _ending.Token);
        _coordinator = new RenderCoordinator(new RenderCoordinatorOptions { LostAfter = scene.LostAfter }, _network, new ClusterRegistry(), new ChannelPartitioner(), processors, new NoMedia());
        await _coordinator.ConnectAsync(listener.LocalEndPoint);
        for (var satellite = 1; satellite <= scene.Satellites; satellite++)
        {
            Satellites.Add(await SatelliteProcess.StartAsync($"satellite {satellite}", floods));
            await _coordinator.ConnectAsync(Satellites[^1].EndPoint);
        }

        _playing = _coordinator.PlayAsync(scene.Request(), _progress, _stop.Token);
        if (await Task.WhenAny(devices.Started, _playing) == _playing)
        {
            await _playing;
        }

        Meter = await devices.Started;
    }

    private sealed class Progress : IProgress<PlayProgress>
    {
        private readonly Lock _gate = new();
        private (long Frame, TaskCompletionSource Reached)? _waiting;
        private volatile PlayProgress? _last;

        public PlayProgress? Last => _last;

        public void Report(PlayProgress value)
        {
            _last = value;
            lock (_gate)
            {
                if (_waiting is { } waiting && value.RenderFrame >= waiting.Frame)
                {
                    _waiting = null;
                    waiting.Reached.SetResult();
                }
            }
        }

        public Task ReachAsync(long frame)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _waiting = (frame, reached);
            }

            return reached.Task;
        }
    }
}
