using System.Collections.Immutable;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.Timeline;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.Tests.Support;

/// <summary>A host and satellites on a network that can be cut, with fake renderers and sinks: everything of this assembly in between is real.</summary>
internal sealed class Studio : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _serving = [];

    public FlakyTransport Network { get; } = new();

    public FakeSinks Sinks { get; } = new();

    public FakeNoteSinks Notes { get; } = new();

    public FakeDevices Devices { get; } = new();

    public FakeMedia Media { get; private init; } = new();

    public List<(Uri EndPoint, FakeRenderers Renderers, SignalService Service)> Nodes { get; } = [];

    /// <param name="satellites">Beside the host.</param>
    /// <param name="media">What Pulse has.</param>
    /// <param name="real">Renders in the place of the fakes.</param>
    /// <param name="watch">Puts something between the Signals and the network.</param>
    /// <param name="plugins">What each says of its plugins, the host first.</param>
    public static async Task<Studio> StartAsync(int satellites, FakeMedia? media = null, IRendererFactory? real = null, Func<IClusterTransport, IClusterTransport>? watch = null, ImmutableArray<NodePlugin>?[]? plugins = null)
    {
        var studio = new Studio { Media = media ?? new() };
        var network = watch?.Invoke(studio.Network) ?? studio.Network;
        for (var node = 0; node <= satellites; node++)
        {
            var name = node == 0 ? "host" : $"satellite{node}";
            var endPoint = new Uri($"memory://{name}");
            var listener = await network.ListenAsync(endPoint, Wait.Token);
            var renderers = new FakeRenderers();
            var service = new SignalService(new SignalOptions { Name = name, Role = node == 0 ? NodeRole.Host : NodeRole.Satellite, Plugins = plugins?[node] }, network, real ?? renderers, new FakeMedia(), studio.Sinks, [studio.Devices], noteSinks: studio.Notes);
            studio._serving.Add(service.RunAsync(listener, studio._ending.Token));
            studio.Nodes.Add((endPoint, renderers, service));
        }

        return studio;
    }

    public RenderCoordinator Coordinate(IProcessorFactory? processors = null, IClusterTransport? network = null, IPartitioner? partitioner = null, CostBook? costs = null, MeterFactory? meters = null) => new(
        new RenderCoordinatorOptions { LostAfter = TimeSpan.FromSeconds(30), CommandTimeout = TimeSpan.FromSeconds(30), Costs = costs ?? new CostBook(LearntCosts.Empty) },
        network ?? Network, new ClusterRegistry(), partitioner ?? new ChannelPartitioner(), processors ?? new FakeProcessors(), Media, meterFactory: meters);

    public async Task<RenderResult> RenderAsync(RenderRequest request, CancellationTokenSource? cancelling = null, MeterFactory? meters = null)
    {
        await using var coordinator = Coordinate(meters: meters);
        foreach (var (endPoint, _, _) in Nodes)
        {
            await coordinator.ConnectAsync(endPoint, Wait.Token);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelling?.Token ?? default, Wait.Token);
        return await coordinator.RenderAsync(request, null, either.Token).WaitAsync(Wait.Deadline, Wait.Token);
    }

    public static RenderRequest Request(long frames = 20_000, int block = 128, int lead = 4_096, int checkpoint = 1_024, AudioGraph? graph = null, ImmutableArray<RenderEvent> events = default, DistributionPolicy policy = DistributionPolicy.Balanced, PlacementWishes? wishes = null) => new()
    {
        Graph = graph ?? RandomGraph.Bus(9),
        LengthFrames = frames,
        OutputPath = "out.wav",
        BlockFrames = block,
        LeadFrames = lead,
        CheckpointFrames = checkpoint,
        Events = events.IsDefault ? [] : events,
        Policy = policy,
        Wishes = wishes ?? PlacementWishes.None,
    };

    /// <summary>What one host alone makes of a request.</summary>
    public static async Task<float[]> ReferenceAsync(RenderRequest request, FakeMedia? media = null)
    {
        await using var studio = await StartAsync(0, media);
        await studio.RenderAsync(request);
        return [.. studio.Sinks.Samples];
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_serving).WaitAsync(Wait.Deadline);
        await Network.DisposeAsync();
        _ending.Dispose();
        Assert.Equal(0, Sinks.Open);
        Assert.All(Nodes, node => Assert.Equal(0, node.Renderers.Live));
    }
}
