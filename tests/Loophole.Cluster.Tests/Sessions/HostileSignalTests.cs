using System.Text.Json;
using System.Text.Json.Nodes;
using Loophole.Cluster.Control;
using Loophole.Cluster.Messages;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Sessions;

/// <summary>Signals that answer what cannot be.</summary>
public sealed class HostileSignalTests
{
    private static readonly Uri Place = new("memory://signal");

    [Theory]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("[\"tcp://a:1\",\"relative\"]")]
    [InlineData("17 of them")]
    public Task A_Signal_with_endpoints_that_cannot_be_is_refused(string endPoints)
    {
        var json = endPoints == "17 of them" ? $"[{string.Join(',', Enumerable.Repeat("\"tcp://a:1\"", 17))}]" : endPoints;
        return IsRefusedAsync(description => description["endPoints"] = JsonNode.Parse(json));
    }

    [Theory]
    [InlineData("speed", "0")]
    [InlineData("speed", "-1")]
    [InlineData("speed", "1e300")]
    [InlineData("vectorBits", "-1")]
    [InlineData("processor", "null")]
    [InlineData("processor", "too long")]
    public Task A_Signal_on_a_machine_that_cannot_be_is_refused(string what, string claim) =>
        IsRefusedAsync(description => description["hardware"]![what] = claim == "too long" ? new string('x', 201) : JsonNode.Parse(claim));

    [Theory]
    [InlineData("too many", "there are 4097 plugins")]
    [InlineData("""[{"format":"vst3","id":"a","version":""},{"format":"vst3","id":"a","version":"2"}]""", "plugin 1, \"vst3:a\", is there twice")]
    [InlineData("""[{"format":"VST3","id":"a","version":""}]""", "plugin 0 has a format")]
    [InlineData("""[{"format":"vst3","id":"","version":""}]""", "plugin 0 has an id of 0 characters")]
    [InlineData("""[{"format":"vst3","id":"a\u0007","version":""}]""", "plugin 0 has a control character in its id")]
    [InlineData("""[{"format":"vst3","id":"a","version":"\r\n"}]""", "plugin 0 has a control character in its version")]
    [InlineData("[null]", "plugin 0 is none")]
    [InlineData("""[{"format":"vst3","id":"a"}]""", "version")]
    [InlineData("""[{"format":"vst3","id":null,"version":""}]""", "id")]
    [InlineData("missing", "plugins")]
    public async Task A_Signal_with_plugins_that_cannot_be_is_refused_by_name(string plugins, string why)
    {
        var refused = await IsRefusedAsync(description =>
        {
            if (plugins == "missing")
            {
                description.AsObject().Remove("plugins");
                return;
            }

            description["plugins"] = JsonNode.Parse(plugins == "too many" ? $"[{string.Join(',', Enumerable.Range(0, 4_097).Select(at => $$"""{"format":"clap","id":"{{at}}","version":""}"""))}]" : plugins);
        });
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    private static async Task<ClusterException> IsRefusedAsync(Action<JsonNode> lie)
    {
        await using var network = new InMemoryTransport();
        await using var listener = await network.ListenAsync(Place, Wait.Token);
        await using var coordinator = new RenderCoordinator(
            new RenderCoordinatorOptions { LostAfter = TimeSpan.FromSeconds(30) }, network, new ClusterRegistry(), new ChannelPartitioner(), new FakeProcessors(), new FakeMedia());
        var connecting = coordinator.ConnectAsync(Place, Wait.Token);
        await using var connection = await Wait.For(listener.AcceptAsync(Wait.Token).AsTask());
        await using var control = new PipeControlChannel(connection!.Control, new PipeControlChannelOptions { Party = Party.Signal });
        _ = control.RunAsync(new Describing(lie), connection.Closed);
        var refused = await Assert.ThrowsAsync<ClusterException>(() => Wait.For(connecting));
        Assert.Equal(ClusterError.NodeRefused, refused.Error);
        return refused;
    }

    private sealed class Describing(Action<JsonNode> lie) : IControlHandler
    {
        public ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken)
        {
            var sane = new NodeDescription { Id = new NodeId(Guid.NewGuid()), Name = "n", Role = NodeRole.Satellite, EndPoints = [Place], ProcessId = 1, Cores = 1, Workers = 1, MemoryBytes = 1, Version = "1" };
            var description = JsonNode.Parse(ClusterJson.ToElement(sane).GetRawText())!;
            lie(description);
            return new ValueTask<JsonElement>(JsonSerializer.SerializeToElement(description));
        }

        public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => default;
    }
}
