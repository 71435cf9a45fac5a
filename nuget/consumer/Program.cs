using Loophole.Cluster;
using Loophole.Cluster.Graph;
using Loophole.Cluster.Media;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Rendering;
using Loophole.Engine;

// A host built from the packages alone: one host Signal and one satellite in this process, joined by the in-memory transport.
var folder = Directory.CreateTempSubdirectory("loophole-consumer-");
try
{
    var graph = new AudioGraph
    {
        SampleRate = 48_000,
        LengthFrames = 48_000,
        OutputChannelId = "master",
        Channels =
        [
            Tone("one", 220),
            Tone("two", 330),
            new Channel { Id = "master", Name = "Master", Nodes = [new ProcessorNode { Id = "limiter", Processor = "limiter" }] },
        ],
    };
    var alone = await RenderAsync(graph, satellites: 0, Path.Combine(folder.FullName, "alone.wav"));
    var together = await RenderAsync(graph, satellites: 1, Path.Combine(folder.FullName, "together.wav"));
    Console.WriteLine($"alone    {alone.Sha256}");
    Console.WriteLine($"together {together.Sha256}, {together.Nodes.Length} nodes");
    return alone.Sha256 == together.Sha256 ? 0 : 1;
}
finally
{
    folder.Delete(recursive: true);
}

static Channel Tone(string id, double frequency) => new()
{
    Id = id,
    Name = id,
    OutputChannelId = "master",
    Nodes = [new ProcessorNode { Id = $"{id}.tone", Processor = "tone", Parameters = [new ParameterSetting("frequency", frequency)] }],
};

async Task<RenderResult> RenderAsync(AudioGraph graph, int satellites, string path)
{
    using var ending = new CancellationTokenSource();
    await using var network = new InMemoryTransport();
    var media = new DirectoryMediaStore(new DirectoryMediaStoreOptions { Directory = Path.Combine(folder.FullName, "media") });
    var running = new List<Task>();
    var endPoints = new List<Uri>();
    for (var signal = 0; signal <= satellites; signal++)
    {
        var listener = await network.ListenAsync(new Uri($"memory://signal{signal}"));
        var options = new SignalOptions { Name = $"signal {signal}", Role = signal == 0 ? NodeRole.Host : NodeRole.Satellite };
        var service = new SignalService(options, network, new EngineRendererFactory(new BuiltInProcessors()), media, new WavSinks());
        running.Add(service.RunAsync(listener, ending.Token));
        endPoints.Add(listener.LocalEndPoint);
    }

    RenderResult result;
    await using (var coordinator = new RenderCoordinator(new RenderCoordinatorOptions(), network, new ClusterRegistry(), new ChannelPartitioner(), new BuiltInProcessors(), media))
    {
        foreach (var endPoint in endPoints)
        {
            await coordinator.ConnectAsync(endPoint);
        }

        result = await coordinator.RenderAsync(new RenderRequest { Graph = graph, LengthFrames = graph.LengthFrames, OutputPath = path });
    }

    await ending.CancelAsync();
    await Task.WhenAll(running);
    return result;
}

internal sealed class WavSinks : IRenderSinkFactory
{
    public IRenderSink Create(string path, int audioChannels, int sampleRate) => new WavWriter(path, audioChannels, sampleRate);
}
