using Loophole.Cluster.Discovery;
using Loophole.Cluster.Membership;
using Loophole.Cluster.Nodes;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Registry;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Membership;

public sealed class ClusterMembershipTests : IAsyncDisposable
{
    private readonly Sightings _sightings = new();
    private readonly ClusterRegistry _registry = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly HashSet<string> _excluded = [];
    private Studio _studio = null!;
    private RenderCoordinator _coordinator = null!;
    private ClusterMembership _membership = null!;
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task Satellites_that_are_found_are_let_in_and_hosts_are_not()
    {
        await BeginAsync(2);
        _sightings.Say(NodeChange.Found, Node(0) with { Role = NodeRole.Host });
        _sightings.Say(NodeChange.Found, Node(1));
        _sightings.Say(NodeChange.Found, Node(2) with { Role = null });
        await ActiveAsync("satellite1", "satellite2");
        await Wait.Until(() => _membership.Candidates.IsEmpty, "no candidate");
        Assert.Equal(0, _studio.Network.Dialled(_studio.Nodes[0].EndPoint));
    }

    [Fact]
    public async Task One_that_works_for_somebody_else_is_named_and_let_in_when_it_is_asked_for_again()
    {
        await BeginAsync(1);
        await using (var other = _studio.Coordinate())
        {
            await other.ConnectAsync(_studio.Nodes[1].EndPoint, Wait.Token);
            _sightings.Say(NodeChange.Found, Node(1));
            await Wait.Until(() => _membership.Candidates is [{ NextAttempt: not null }], "the refusal");
            Assert.Contains("works for another Pulse", Assert.Single(_membership.Candidates).Reason, StringComparison.Ordinal);
        }

        // The other's connection may end a moment later than its disposal.
        await Wait.Until(() => _membership.Retry() == 0 || _registry.Current.Nodes.Length == 1, "one that is tried again");
        await ActiveAsync("satellite1");
        await Wait.Until(() => _membership.Retry("satellite1") == 0, "that there is nothing to try again");
    }

    [Fact]
    public async Task One_that_is_lost_comes_again_by_itself()
    {
        await BeginAsync(1);
        _sightings.Say(NodeChange.Found, Node(1));
        await ActiveAsync("satellite1");
        var before = _registry.Current.Version;
        _studio.Network.Cut(_studio.Nodes[1].EndPoint);
        await Wait.Until(() => _registry.Current is { Nodes: [{ Health: NodeHealth.Lost }] } || HasReturned(), "its loss");
        await Wait.Until(
            () =>
            {
                // It may take it a moment to see that nobody is there any more.
                _time.Advance(TimeSpan.FromSeconds(1));
                return HasReturned();
            },
            "its return");

        bool HasReturned() => _registry.Current is { Nodes: [{ Health: NodeHealth.Active }] } now && now.Version > before + 2;
    }

    [Fact]
    public async Task One_that_does_not_answer_is_tried_every_five_seconds_until_it_is_gone()
    {
        await BeginAsync(0);
        var nobody = new DiscoveredNode { Service = NodeService.Signal, Name = "nobody", EndPoints = [new Uri("memory://nobody")] };
        _sightings.Say(NodeChange.Found, nobody);
        await Wait.Until(() => _membership.Candidates is [{ NextAttempt: not null }], "a failed attempt");
        var candidate = Assert.Single(_membership.Candidates);
        Assert.Equal(("nobody", _time.GetUtcNow() + TimeSpan.FromSeconds(5)), (candidate.Name, candidate.NextAttempt));
        Assert.Contains("memory://nobody", candidate.Reason, StringComparison.Ordinal);
        await _time.WaitForTimersAsync(1, Wait.Token);
        _time.Advance(TimeSpan.FromSeconds(5));
        await Wait.Until(() => _membership.Candidates is [{ NextAttempt: { } next }] && next == _time.GetUtcNow() + TimeSpan.FromSeconds(5), "the next attempt");
        _sightings.Say(NodeChange.Gone, nobody);
        await Wait.Until(() => _membership.Candidates.IsEmpty, "its end");
    }

    [Fact]
    public async Task One_that_comes_and_goes_ten_times_a_second_is_let_alone_and_disturbs_nobody()
    {
        await BeginAsync(2);
        _sightings.Say(NodeChange.Found, Node(2));
        await ActiveAsync("satellite2");
        for (var tenth = 0; tenth < 100; tenth++)
        {
            _sightings.Say(NodeChange.Found, Node(1));
            await Wait.Until(() => IsActive("satellite1") || _membership.Candidates is [{ NextAttempt: not null }], "an answer");
            _studio.Network.Cut(_studio.Nodes[1].EndPoint);
            await Wait.Until(() => !IsActive("satellite1"), "its loss");
            _time.Advance(TimeSpan.FromSeconds(0.1));
        }

        // Three at once, then one every 8.8 seconds at the most.
        Assert.InRange(_studio.Network.Dialled(_studio.Nodes[1].EndPoint), 3, 4);
        Assert.True(IsActive("satellite2"));
        Assert.Equal(2, _registry.Current.Nodes.Length);
    }

    [Fact]
    public async Task One_that_is_excluded_is_not_asked_until_it_is_not_any_more()
    {
        await BeginAsync(1);
        _excluded.Add("satellite1");
        _sightings.Say(NodeChange.Found, Node(1));
        await Wait.Until(() => _membership.Candidates is [{ Reason: "not wanted" }], "the objection");
        Assert.Empty(_registry.Current.Nodes);
        _excluded.Clear();
        _membership.Reconsider();
        await ActiveAsync("satellite1");
    }

    [Fact]
    public async Task Of_two_with_one_id_the_second_is_refused_and_the_first_stays()
    {
        await BeginAsync(1);
        _sightings.Say(NodeChange.Found, Node(1));
        await ActiveAsync("satellite1");
        var twin = new SignalService(new SignalOptions { Id = _registry.Current.Nodes[0].Description.Id, Name = "twin" }, _studio.Network, new FakeRenderers(), new FakeMedia(), _studio.Sinks);
        using var twinEnds = new CancellationTokenSource();
        var serving = twin.RunAsync(await _studio.Network.ListenAsync(new Uri("memory://twin"), Wait.Token), twinEnds.Token);
        _sightings.Say(NodeChange.Found, new DiscoveredNode { Service = NodeService.Signal, Name = "twin", EndPoints = [new Uri("memory://twin")] });
        await Wait.Until(() => _membership.Candidates is [{ NextAttempt: not null }], "the refusal");
        var reason = Assert.Single(_membership.Candidates).Reason;
        Assert.Contains("twin", reason, StringComparison.Ordinal);
        Assert.Contains("satellite1", reason, StringComparison.Ordinal);
        Assert.Contains(_registry.Current.Nodes[0].Description.Id.ToString(), reason, StringComparison.Ordinal);
        Assert.True(IsActive("satellite1"));
        await twinEnds.CancelAsync();
        await Wait.For(serving);
        Assert.True(IsActive("satellite1"));
    }

    [Fact]
    public async Task A_second_host_is_refused()
    {
        await BeginAsync(0);
        await _coordinator.ConnectAsync(_studio.Nodes[0].EndPoint, Wait.Token);
        var other = new SignalService(new SignalOptions { Role = NodeRole.Host, Name = "other" }, _studio.Network, new FakeRenderers(), new FakeMedia(), _studio.Sinks);
        using var otherEnds = new CancellationTokenSource();
        var serving = other.RunAsync(await _studio.Network.ListenAsync(new Uri("memory://other"), Wait.Token), otherEnds.Token);
        var refused = await Assert.ThrowsAsync<ClusterException>(() => _coordinator.ConnectAsync(new Uri("memory://other"), Wait.Token));
        Assert.Equal(ClusterError.SecondHost, refused.Error);
        Assert.Contains("other", refused.Message, StringComparison.Ordinal);
        Assert.Equal("host", Assert.Single(_registry.Current.Nodes).Description.Name);
        await otherEnds.CancelAsync();
        await Wait.For(serving);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Wait.For(_running);
        await _coordinator.DisposeAsync();
        await _studio.DisposeAsync();
        _ending.Dispose();
    }

    private async Task BeginAsync(int satellites)
    {
        _studio = await Studio.StartAsync(satellites);
        _coordinator = new RenderCoordinator(new RenderCoordinatorOptions { LostAfter = TimeSpan.FromSeconds(30) }, _studio.Network, _registry, new ChannelPartitioner(), new FakeProcessors(), _studio.Media);
        _membership = new ClusterMembership(_sightings, _coordinator, _registry, new MembershipOptions { Schemes = ["memory"], FindObjection = name => _excluded.Contains(name) ? "not wanted" : null }, _time);
        _running = _membership.RunAsync(_ending.Token);
    }

    private DiscoveredNode Node(int node) => new() { Service = NodeService.Signal, Name = $"satellite{node}", Role = NodeRole.Satellite, EndPoints = [_studio.Nodes[node].EndPoint] };

    private bool IsActive(string name) => _registry.Current.Nodes.Any(node => node.Description.Name == name && node.Health == NodeHealth.Active);

    private Task ActiveAsync(params string[] names) => Wait.Until(() => names.All(IsActive) && _registry.Current.Nodes.Length == names.Length, string.Join(", ", names));
}
