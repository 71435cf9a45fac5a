using Loophole.Cluster.Graph;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Placement;

public sealed class ClusterFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task A_cluster_in_a_file_is_placed_on_as_it_is_described()
    {
        await File.WriteAllTextAsync(
            _path,
            """
            {
              "version": 1, "headroom": 0.1, // a comment
              "nodes": [
                { "name": "studio", "role": "host", "workers": 8 },
                { "name": "tower", "role": "satellite", "workers": 16, "speed": 12000, "memoryMiB": 2, "roundTripMs": 0.5, "plugins": ["vst3:Verb"] },
                { "name": "laptop", "role": "satellite", "workers": 4, "excluded": "it is on battery" },
                { "name": "rented", "role": "satellite", "workers": 32, "kind": "cloud" },
              ],
              "pins": { "Track 3": "tower", "t4": "laptop" }
            }
            """,
            Wait.Token);
        var graph = RandomGraph.Bus(9);
        var plan = new GraphPlanner(new FakeProcessors()).Plan(graph);
        var request = (await ClusterFile.ReadAsync(_path, Wait.Token)).Request(plan, graph, DistributionPolicy.PreferLocal);
        Assert.Equal(0.1, request.Headroom);
        Assert.Equal(["studio", "tower", "laptop", "rented"], request.Nodes.Select(node => node.Name));
        Assert.Equal([null, null, "it is on battery", "it is a cloud node, and those are not allowed"], request.Nodes.Select(node => node.Exclusion));
        var tower = request.Nodes[1];
        Assert.Equal((12_000, 2L << 20, TimeSpan.FromMicroseconds(500)), (tower.Speed, tower.MemoryBytes, tower.RoundTrip));
        Assert.Equal(["vst3:Verb"], tower.Plugins!);
        var placed = new ChannelPartitioner().Partition(request);
        var unit = request.Graph.Units.IndexOf(request.Graph.Units.Single(unit => unit.Id == "channel:t3"));
        Assert.Equal(tower.Id, placed.Owners[unit].Node);
        Assert.Contains(placed.Refusals, refusal => refusal.UnitId == "channel:t4" && refusal.Reason.Contains("on battery", StringComparison.Ordinal));
        Assert.Equal(request.Nodes.Select(node => node.Id), (await ClusterFile.ReadAsync(_path, Wait.Token)).Request(plan, graph, DistributionPolicy.Off).Nodes.Select(node => node.Id));
    }

    [Fact]
    public async Task A_Channel_is_placed_by_its_plugin_and_that_is_explained()
    {
        await File.WriteAllTextAsync(_path, """{"version":1,"nodes":[{"name":"studio","role":"host","workers":8,"plugins":[]},{"name":"tower","role":"satellite","workers":1,"plugins":["vst3:Verb"]},{"name":"laptop","role":"satellite","workers":8,"plugins":[]}]}""", Wait.Token);
        var graph = RandomGraph.Bus(9);
        var verb = new StackNode { Id = "verb", Variants = [new PluginVariant { Format = "vst3", PluginId = "Verb", Name = "Verb" }] };
        graph = graph with { Channels = [.. graph.Channels.Select(channel => channel.Id == "t3" ? channel with { Nodes = channel.Nodes.Add(verb) } : channel)] };
        var request = (await ClusterFile.ReadAsync(_path, Wait.Token)).Request(new GraphPlanner(new FakeProcessors()).Plan(graph), graph, DistributionPolicy.Balanced);
        var placed = new ChannelPartitioner().Partition(request);
        var unit = request.Graph.Units.IndexOf(request.Graph.Units.Single(unit => unit.Id == "channel:t3"));
        Assert.Equal(request.Nodes[1].Id, placed.Owners[unit].Node);
        Assert.Equal("laptop has no vst3:Verb, studio has no vst3:Verb", placed.Reasons[unit]);
    }

    [Theory]
    [InlineData("", "describes no cluster")]
    [InlineData("{\"version\":2,\"nodes\":[]}", "\"version\" is 2")]
    [InlineData("{\"version\":1,\"nodes\":[]}", "\"nodes\" are 0")]
    [InlineData("{\"version\":1,\"nodes\":[{\"name\":\"a\",\"role\":\"satellite\",\"workers\":1}]}", "\"host\"")]
    [InlineData("{\"version\":1,\"nodes\":[{\"name\":\"a\",\"role\":\"host\",\"workers\":0}]}", "\"workers\" of \"a\"")]
    [InlineData("{\"version\":1,\"nodes\":[{\"name\":\"a\",\"role\":\"host\",\"workers\":1},{\"name\":\"a\",\"role\":\"satellite\",\"workers\":1}]}", "two nodes have the name \"a\"")]
    [InlineData("{\"version\":1,\"nodes\":[{\"name\":\"a\",\"role\":\"host\",\"workers\":1,\"excluded\":\"x\"}]}", "neither excluded")]
    [InlineData("{\"version\":1,\"nodes\":[{\"name\":\"a\",\"role\":\"host\",\"workers\":1,\"speed\":-1}]}", "\"speed\" of \"a\"")]
    [InlineData("{\"version\":1,\"nodes\":[{\"name\":\"a\",\"role\":\"host\",\"workers\":1,\"sped\":1}]}", "sped")]
    [InlineData("{\"version\":1,\"headroom\":2,\"nodes\":[{\"name\":\"a\",\"role\":\"host\",\"workers\":1}]}", "\"headroom\"")]
    public async Task A_file_that_describes_none_is_named_with_what_is_wrong(string text, string why)
    {
        await File.WriteAllTextAsync(_path, text, Wait.Token);
        var wrong = await Assert.ThrowsAsync<InvalidDataException>(() => ClusterFile.ReadAsync(_path, Wait.Token));
        Assert.Contains(_path, wrong.Message, StringComparison.Ordinal);
        Assert.Contains(why, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Channel_that_is_not_there_cannot_be_pinned()
    {
        await File.WriteAllTextAsync(_path, "{\"version\":1,\"nodes\":[{\"name\":\"a\",\"role\":\"host\",\"workers\":1}],\"pins\":{\"Nobody\":\"a\"}}", Wait.Token);
        var graph = RandomGraph.Bus(2);
        var file = await ClusterFile.ReadAsync(_path, Wait.Token);
        Assert.Contains("\"Nobody\"", Assert.Throws<InvalidDataException>(() => file.Request(new GraphPlanner(new FakeProcessors()).Plan(graph), graph, DistributionPolicy.Balanced)).Message, StringComparison.Ordinal);
    }
}
