using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Loophole.Cluster.Discovery.Multicast;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Sessions;
using Loophole.Cluster.Telemetry;
using Loophole.Cluster.Tests.Support;
using Loophole.Cluster.Transports;
using Loophole.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loophole.Cluster.Tests.Telemetry;

public sealed partial class MetricsTests : IDisposable
{
    private static readonly NodeTelemetry Some = new()
    {
        RenderLoad = 0.75,
        Blocks = 100,
        PeakMemoryBytes = 1,
        RoundTrip = TimeSpan.FromMilliseconds(500),
        Loads = new CohortLoads(0.5, 0.125, 0.25),
        RenderTimes = new RenderTimes(0.1, 0.2, 3),
        ProcessorLoad = 1.5,
        MemoryBytes = 4_096,
        ClockOffset = TimeSpan.FromSeconds(-2),
        Links =
        [
            new LinkTelemetry { SubgraphId = "a", MarginFrames = 300, MostFrames = 1_000, CreditFrames = 20, CheckpointAgeFrames = -5 },
            new LinkTelemetry { SubgraphId = "b", MarginFrames = -10, MostFrames = 1_000, CreditFrames = 30, CheckpointAgeFrames = 40 },
            new LinkTelemetry { SubgraphId = "c", MarginFrames = null, MostFrames = 1_000, CreditFrames = 10, CheckpointAgeFrames = 0 },
        ],
    };

    private readonly MeterFactory _meters = new();
    private readonly MeterReader _reader;
    private readonly ClusterRegistry _registry = new();

    public MetricsTests() => _reader = new MeterReader(_meters);

    public void Dispose()
    {
        _reader.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task Every_instrument_has_a_line_in_the_documentation_and_every_line_an_instrument()
    {
        using var session = new SessionMetrics(_meters, _registry);
        using var agent = new MulticastAgent(NullLogger.Instance, TimeProvider.System, new Random(1), _meters);
        await using var network = new TransportSet([new InMemoryTransport()], meterFactory: _meters);
        var lines = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "telemetry.md"), Wait.Token))
            .Select(line => MetricLine().Match(line)).Where(match => match.Success)
            .ToDictionary(match => match.Groups["name"].Value, match => (Unit: match.Groups["unit"].Value, Kind: match.Groups["kind"].Value));
        Assert.Equal(lines.Keys.Order(), _reader.Instruments.Select(instrument => instrument.Name).Order());
        Assert.All(_reader.Instruments, instrument =>
        {
            Assert.Equal("Loophole.Cluster", instrument.Meter.Name);
            Assert.Equal((instrument.Unit, KindOf(instrument)), lines[instrument.Name]);
            Assert.False(string.IsNullOrEmpty(instrument.Description));
        });

        static string KindOf(Instrument instrument) => instrument.GetType().Name switch
        {
            "Counter`1" => "counter",
            "Histogram`1" => "histogram",
            "ObservableGauge`1" => "gauge",
            var other => other,
        };
    }

    [Fact]
    public void Gauges_show_each_Signal_as_it_was_last_heard_and_none_that_is_lost()
    {
        using var session = new SessionMetrics(_meters, _registry);
        var (one, two) = (Join("one"), Join("two"));
        Assert.Null(_reader["loophole.node.memory node=one"]);
        _registry.Observe(one, Some);
        _registry.Observe(two, Some with { MemoryBytes = 1, Links = [] });
        string[] keys =
        [
            "node.render_load node=one cohort=ahead", "node.render_load node=one cohort=live", "node.render_load node=one cohort=inserts",
            "node.block_time node=one percentile=50", "node.block_time node=one percentile=99", "node.block_time node=one percentile=100",
            "node.processor_load node=one", "node.memory node=one", "node.clock_offset node=one",
            "link.margin node=one", "link.credit node=one", "link.checkpoint_age node=one", "node.memory node=two", "link.margin node=two",
        ];
        Assert.Equal([0.5, 0.125, 0.25, 0.1, 0.2, 3, 1.5, 4_096, -2, -10, 10, 40, 1, null], keys.Select(key => _reader[$"loophole.{key}"]));

        _registry.Report(two, NodeHealth.Lost);
        _registry.Report(one, NodeHealth.Left);
        using var later = new MeterReader(_meters);
        Assert.Null(later["loophole.node.memory node=one"]);
        Assert.Null(later["loophole.node.memory node=two"]);
    }

    [Fact]
    public void What_crossed_adds_up_by_node_and_direction()
    {
        using var session = new SessionMetrics(_meters, _registry);
        var (one, two) = (Join("one"), Join("two"));
        var link = new LinkTelemetry { SubgraphId = "a", MarginFrames = 0, MostFrames = 1, LateBlocks = 1, ConcealedFrames = 2, BlocksReceived = 3, BytesReceived = 4, BlocksSent = 5, BytesSent = 6 };
        var links = new LinksMeasured(null, true, [new(one, link, true), new(one, link, true), new(two, link, true), new(new NodeId(Guid.NewGuid()), link, true)]);
        session.Observe(links);
        session.Observe(links);
        string[] keys = ["late_blocks node=one", "concealed_frames node=one", "blocks node=one direction=in", "bytes node=one direction=in", "blocks node=one direction=out", "bytes node=one direction=out", "late_blocks node=two"];
        Assert.Equal([4, 8, 12, 16, 20, 24, 2], keys.Select(key => _reader[$"loophole.link.{key}"]));
    }

    [Fact]
    public void Calls_that_were_late_are_counted_once_and_the_lead_is_what_it_was_last()
    {
        using var session = new SessionMetrics(_meters, _registry);
        Assert.Null(_reader["loophole.session.lead_in_hand"]);
        session.Observe(new PlayPosition(0, 500, 1_000, null, LateBlocks: 3, 0));
        session.Observe(new PlayPosition(0, 700, 1_000, null, LateBlocks: 3, 0));
        session.Observe(new PlayPosition(0, 600, 1_000, null, LateBlocks: 5, 0));
        Assert.Equal((5, 600), (_reader["loophole.session.late_calls"], _reader["loophole.session.lead_in_hand"]));
    }

    [Fact]
    public async Task A_Signal_that_is_lost_is_counted_with_all_that_went_on_elsewhere()
    {
        await using var studio = await Studio.StartAsync(2);
        studio.Sinks.OnFrames = frames =>
        {
            if (frames >= 5_000)
            {
                studio.Network.Cut(studio.Nodes[1].EndPoint);
            }
        };
        var result = await studio.RenderAsync(Studio.Request(), meters: _meters);
        Assert.Equal((3, 1, result.Failovers), (_reader["loophole.session.joins"], _reader["loophole.session.lost_nodes"], (int?)_reader["loophole.session.fail_overs"] ?? 0));
        Assert.True(result.Failovers > 0);
    }

    [Fact]
    public void Packets_are_counted_by_whether_they_are_any()
    {
        using var agent = new MulticastAgent(NullLogger.Instance, TimeProvider.System, new Random(1), _meters);
        var (peer, stranger) = (new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, MulticastAgent.Port), new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 1));
        var empty = new byte[12];
        agent.Receive(null!, empty, peer);
        agent.Receive(null!, empty, stranger);
        agent.Receive(null!, [1, 2, 3], peer);
        Assert.Equal((1, 2, 0), (_reader["loophole.discovery.packets result=taken"], _reader["loophole.discovery.packets result=refused"], _reader["loophole.discovery.nodes"]));
    }

    private NodeId Join(string name)
    {
        var node = new NodeDescription { Id = new NodeId(Guid.NewGuid()), Name = name, Role = NodeRole.Satellite, EndPoints = [new Uri("tcp://a:1")], ProcessId = 1, Cores = 1, Workers = 1, MemoryBytes = 1, Version = "1" };
        _registry.Register(node, NodeStanding.SameMachine);
        return node.Id;
    }

    [GeneratedRegex(@"^\| `(?<name>loophole\.[a-z_.]+)` \| (?<kind>[a-z]+) \| `(?<unit>[^`]+)` \|")]
    private static partial Regex MetricLine();
}
