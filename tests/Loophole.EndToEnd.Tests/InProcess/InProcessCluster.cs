using Loophole.Cluster;
using Loophole.Cluster.Media;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Rendering;
using Loophole.Devices;
using Loophole.Engine;

namespace Loophole.EndToEnd.Tests.InProcess;

/// <summary>A host and satellites in this process, on an in-memory network; everything else is the real thing.</summary>
internal sealed class InProcessCluster : IAsyncDisposable
{
    private readonly IRendererFactory _renderers;
    private readonly InMemoryTransport _network = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _serving = [];
    private readonly List<Uri> _endPoints = [];

    private InProcessCluster(IRendererFactory renderers) => _renderers = renderers;

    public MemoryMedia Media { get; } = new();

    public MemorySink Sink { get; } = new();

    public static async Task<InProcessCluster> StartAsync(int satellites, int workers = 1, IRendererFactory? renderers = null)
    {
        var cluster = new InProcessCluster(renderers ?? new EngineRendererFactory(new BuiltInProcessors()));
        await cluster.AddAsync("host", NodeRole.Host, workers, cluster.Media);
        for (var satellite = 1; satellite <= satellites; satellite++)
        {
            await cluster.AddAsync($"satellite{satellite}", NodeRole.Satellite, workers, new MemoryMedia());
        }

        return cluster;
    }

    public async Task<RenderResult> RenderAsync(RenderRequest request, CancellationToken cancellationToken)
    {
        await using var coordinator = await CoordinateAsync(cancellationToken);
        return await coordinator.RenderAsync(request, null, cancellationToken);
    }

    /// <summary>Plays on a device without sound, in real time.</summary>
    public async Task<PlayResult> PlayAsync(PlayRequest request, IProgress<PlayProgress> progress, CancellationToken stop, CancellationToken cancellationToken)
    {
        await using var coordinator = await CoordinateAsync(cancellationToken);
        return await coordinator.PlayAsync(request, progress, stop, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_serving).WaitAsync(TimeSpan.FromSeconds(30));
        await _network.DisposeAsync();
        _ending.Dispose();
    }

    private async Task<RenderCoordinator> CoordinateAsync(CancellationToken cancellationToken)
    {
        var coordinator = new RenderCoordinator(new RenderCoordinatorOptions { LostAfter = TimeSpan.FromSeconds(30) }, _network, new ClusterRegistry(), new ChannelPartitioner(), new BuiltInProcessors(), Media);
        foreach (var endPoint in _endPoints)
        {
            await coordinator.ConnectAsync(endPoint, cancellationToken);
        }

        return coordinator;
    }

    private async Task AddAsync(string name, NodeRole role, int workers, IMediaStore media)
    {
        var endPoint = new Uri($"memory://{name}");
        var listener = await _network.ListenAsync(endPoint);
        var service = new SignalService(new SignalOptions { Name = name, Role = role, Workers = workers }, _network, _renderers, media, Sink, [new NullAudioHost()]);
        _serving.Add(service.RunAsync(listener, _ending.Token));
        _endPoints.Add(endPoint);
    }
}
