using System.Text;
using System.Text.Json;
using Loophole.Cluster.Control;
using Loophole.Cluster.Discovery;
using Loophole.Cluster.Endpoint;
using Loophole.Cluster.Membership;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Protocol;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Settings;
using Loophole.Cluster.Tcp;
using Loophole.Cluster.Tests.Membership;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Endpoint;

/// <summary>What a client of Pulse can ask for, over a real socket, of a session that plays nothing.</summary>
public sealed class PulseEndpointTests : IAsyncLifetime
{
    private readonly string _parent = Directory.CreateTempSubdirectory("loophole-endpoint-").FullName;
    private readonly TcpTransport _transport = new(new TcpTransportOptions { InsecureLoopback = true });
    private readonly CancellationTokenSource _ending = new();
    private readonly Sightings _sightings = new();
    private readonly ClusterRegistry _registry = new();
    private Studio _studio = null!;
    private RenderCoordinator _coordinator = null!;
    private EndpointFile _file = null!;
    private Task _serving = Task.CompletedTask;

    private string Folder => Path.Combine(_parent, "store");

    public async ValueTask InitializeAsync()
    {
        _studio = await Studio.StartAsync(1);
        _coordinator = new RenderCoordinator(new RenderCoordinatorOptions(), _studio.Network, _registry, new ChannelPartitioner(), new FakeProcessors(), _studio.Media);
        var distribution = new DistributionControl(Folder, "song", RandomGraph.Bus(9));
        var membership = new ClusterMembership(_sightings, _coordinator, _registry, new MembershipOptions { Schemes = ["memory"], FindObjection = distribution.FindObjection });
        var listener = await _transport.ListenAsync(new Uri("tcp://127.0.0.1:0"), Wait.Token);
        _file = EndpointFile.Create(Folder, listener.LocalEndPoint);
        var endpoint = new PulseEndpoint(_file.Address.Token, new PulseDesk(_registry, membership, distribution, null, 48_000));
        _serving = Task.WhenAll(membership.RunAsync(_ending.Token), endpoint.RunAsync(listener, _ending.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Wait.For(_serving);
        _file.Dispose();
        await _coordinator.DisposeAsync();
        await _studio.DisposeAsync();
        await _transport.DisposeAsync();
        _ending.Dispose();
        Directory.Delete(_parent, recursive: true);
    }

    [Fact]
    public async Task Distribution_is_switched_on_and_the_satellite_that_is_found_joins_at_once()
    {
        await using var client = await ConnectAsync();
        _sightings.Say(NodeChange.Found, Satellite);
        await Wait.Until(() => _studio.Network.Dialled(_studio.Nodes[1].EndPoint) == 0 && StatusOf(client).Candidates is [{ Reason: "distribution is off" }], "the candidate");
        var on = await client.ChangeAsync(new SettingsChange { IsOn = true, Policy = DistributionPolicy.AggressiveOffload }, Wait.Token);
        Assert.Equal(("song", DistributionPolicy.AggressiveOffload, true), (on.Project, on.Policy, on.Settings.IsOn));
        await Wait.Until(() => StatusOf(client).Cluster.Nodes is [{ Health: NodeHealth.Active, Description.Name: "satellite1" }], "the satellite");
        Assert.True(ClusterSettingsFile.Read(Folder).IsOn);
    }

    [Fact]
    public async Task Work_is_taken_back_and_given_again()
    {
        await using var client = await ConnectAsync();
        await client.ChangeAsync(new SettingsChange { IsOn = true }, Wait.Token);
        _sightings.Say(NodeChange.Found, Satellite);
        await Wait.Until(() => StatusOf(client).Cluster.Nodes.Length == 1, "the satellite");
        Assert.Equal(["satellite1"], (await client.TakeBackAsync("satellite1", Wait.Token)).TakenBack);
        var all = await client.TakeBackAsync(cancellationToken: Wait.Token);
        Assert.Equal((DistributionPolicy.Off, true), (all.Policy, all.Settings.IsOn));
        var again = await client.RetryAsync("satellite1", Wait.Token);
        Assert.Equal((DistributionPolicy.Balanced, 0), (again.Policy, again.TakenBack.Length));
        await RefusedAsync("unknownNode", client.TakeBackAsync("nobody", Wait.Token));
        await RefusedAsync("unknownNode", client.RetryAsync("nobody", Wait.Token));
    }

    [Fact]
    public async Task What_cannot_be_set_is_named_and_nothing_is_changed()
    {
        await using var client = await ConnectAsync();
        var before = (await client.ReadStatusAsync(Wait.Token)).Settings;
        await RefusedAsync("refused", client.ChangeAsync(new SettingsChange { Project = "song", Channel = "no such", PinnedTo = "satellite1" }, Wait.Token), "no such");
        await RefusedAsync("refused", client.ChangeAsync(new SettingsChange { Policy = DistributionPolicy.Off }, Wait.Token), "policy");
        await RefusedAsync("refused", client.ChangeAsync(new SettingsChange { Channel = "t1" }, Wait.Token), "project");
        await RefusedAsync("refused", client.ChangeAsync(new SettingsChange { Exclude = new string('x', 300) }, Wait.Token), "256");
        await RefusedAsync("noProject", client.SetPlayingAsync(true, cancellationToken: Wait.Token));
        var after = (await client.ReadStatusAsync(Wait.Token)).Settings;
        Assert.Equal((before.IsOn, before.Policy, 0, 0), (after.IsOn, after.Policy, after.Excluded.Count, after.Projects.Count));
    }

    [Fact]
    public async Task Without_the_token_nobody_is_served()
    {
        await RefusedAsync("token", PulseClient.ConnectAsync(_transport, _file.Address with { Token = new string('0', 64) }, cancellationToken: Wait.Token));
        var connection = await _transport.ConnectAsync(_file.Address.EndPoint, Wait.Token);
        await using var control = new PipeControlChannel(connection.Control, new PipeControlChannelOptions { Party = Party.Aura });
        var reading = control.RunAsync(new Deaf(), Wait.Token);
        await RefusedAsync("noHello", control.RequestAsync(Party.Pulse, "cluster", "status", JsonDocument.Parse("{}").RootElement, Wait.Token));
        await connection.DisposeAsync();
        await Wait.For(Assert.ThrowsAnyAsync<Exception>(() => reading));
    }

    [Theory]
    [InlineData("cluster", "nothing", "{}", "unknownName")]
    [InlineData("nothing", "status", "{}", "unknownDomain")]
    [InlineData("cluster", "change", "{}", "badPayload")]
    [InlineData("cluster", "change", """{"project":null,"isOn":"perhaps","policy":null,"channel":null,"pinnedTo":null,"exclude":null,"include":null}""", "badPayload")]
    [InlineData("cluster", "takeBack", """{"node":7}""", "badPayload")]
    public async Task What_is_no_command_is_refused_and_the_client_is_served_on(string domain, string name, string payload, string code)
    {
        var connection = await _transport.ConnectAsync(_file.Address.EndPoint, Wait.Token);
        await using var control = new PipeControlChannel(connection.Control, new PipeControlChannelOptions { Party = Party.Aura });
        var reading = control.RunAsync(new Deaf(), Wait.Token);
        await control.RequestAsync(Party.Pulse, "client", "hello", JsonDocument.Parse($$"""{"token":"{{_file.Address.Token}}"}""").RootElement, Wait.Token);
        await RefusedAsync(code, control.RequestAsync(Party.Pulse, domain, name, JsonDocument.Parse(payload).RootElement, Wait.Token));
        await control.RequestAsync(Party.Pulse, "cluster", "status", JsonDocument.Parse("{}").RootElement, Wait.Token);
        await connection.DisposeAsync();
        await Wait.For(Task.WhenAny(reading));
    }

    [Fact]
    public async Task Who_sends_no_envelopes_is_cut_off_and_nobody_else()
    {
        await using var client = await ConnectAsync();
        await using (var noise = await _transport.ConnectAsync(_file.Address.EndPoint, Wait.Token))
        {
            await noise.Control.Output.WriteAsync(Encoding.ASCII.GetBytes(new string('x', 4_096)), Wait.Token);
            var closed = new TaskCompletionSource();
            noise.Closed.Register(closed.SetResult);
            await Wait.For(closed.Task);
        }

        Assert.NotNull(await client.ReadStatusAsync(Wait.Token));
    }

    private DiscoveredNode Satellite => new() { Service = NodeService.Signal, Name = "satellite1", Role = NodeRole.Satellite, EndPoints = [_studio.Nodes[1].EndPoint] };

    private Task<PulseClient> ConnectAsync() => PulseClient.ConnectAsync(_transport, EndpointFile.Find(Folder)!, cancellationToken: Wait.Token);

    private static ClusterStatus StatusOf(PulseClient client) => client.ReadStatusAsync(Wait.Token).GetAwaiter().GetResult();

    private static async Task RefusedAsync(string code, Task asked, string word = "")
    {
        var refused = await Wait.For(Assert.ThrowsAsync<ControlException>(() => asked));
        Assert.Equal(code, refused.Code);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    private sealed class Deaf : IControlHandler
    {
        public ValueTask<JsonElement> HandleCommandAsync(Envelope command, CancellationToken cancellationToken) => throw new ControlException("deaf", "It hears nothing.");

        public ValueTask HandleEventAsync(Envelope envelope, CancellationToken cancellationToken) => default;
    }
}
