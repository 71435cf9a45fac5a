using Loophole.Cluster.Nodes;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Registry;

public sealed class ClusterRegistryTests
{
    private readonly ClusterRegistry _registry = new();

    [Fact]
    public void Lost_is_final_until_the_node_registers_again()
    {
        var node = Node();
        Assert.True(_registry.Register(node, NodeStanding.SameMachine));
        Assert.False(_registry.Register(node, NodeStanding.SameMachine));
        Assert.True(_registry.Report(node.Id, NodeHealth.Suspect, "slow"));
        Assert.False(_registry.Report(node.Id, NodeHealth.Suspect, "slow"));
        Assert.False(_registry.Register(node, NodeStanding.SameMachine));
        Assert.True(_registry.Report(node.Id, NodeHealth.Lost, "gone"));
        Assert.False(_registry.Report(node.Id, NodeHealth.Active));
        Assert.False(_registry.Report(node.Id, NodeHealth.Left));
        Assert.Equal("gone", Assert.Single(_registry.Current.Nodes).Reason);
        Assert.True(_registry.Register(node, NodeStanding.SameMachine));
        Assert.Equal(NodeHealth.Joining, Assert.Single(_registry.Current.Nodes).Health);
        Assert.Equal(4, _registry.Current.Version);
        Assert.False(_registry.Report(Node().Id, NodeHealth.Lost));
    }

    [Fact]
    public void Those_that_are_gone_are_forgotten_before_the_registry_grows_for_ever()
    {
        var stays = Node();
        _registry.Register(stays, NodeStanding.SameMachine);
        var gone = Enumerable.Range(0, 200).Select(_ => Node()).ToArray();
        foreach (var node in gone)
        {
            _registry.Register(node, NodeStanding.SameMachine);
            _registry.Report(node.Id, NodeHealth.Lost, "gone");
        }

        Assert.Equal([stays.Id, .. gone[^64..].Select(node => node.Id)], _registry.Current.Nodes.Select(node => node.Description.Id));
    }

    [Fact]
    public async Task A_slow_watcher_skips_to_the_latest()
    {
        await using var watch = _registry.WatchAsync(-1, Wait.Token).GetAsyncEnumerator(Wait.Token);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(0, watch.Current.Version);
        var next = watch.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        _registry.Register(Node(), NodeStanding.SameMachine);
        Assert.True(await Wait.For(next));
        _registry.Register(Node(), NodeStanding.SameMachine);
        _registry.Register(Node(), NodeStanding.SameMachine);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(3, watch.Current.Version);
    }

    [Fact]
    public async Task Versions_never_go_back_under_many_writers()
    {
        var writers = Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (var round = 0; round < 500; round++)
                {
                    _registry.Register(Node(), NodeStanding.SameMachine);
                }
            },
            Wait.Token)).ToArray();
        var seen = -1L;
        await foreach (var snapshot in _registry.WatchAsync(-1, Wait.Token))
        {
            Assert.True(snapshot.Version > seen);
            seen = snapshot.Version;
            Assert.Equal(seen, snapshot.Nodes.Length);
            if (seen == 2000)
            {
                break;
            }
        }

        await Wait.For(Task.WhenAll(writers));
    }

    private static NodeDescription Node() => new() { Id = new NodeId(Guid.NewGuid()), Name = "n", Role = NodeRole.Satellite, EndPoints = [new Uri("memory://n")], ProcessId = 1, Cores = 1, Workers = 1, MemoryBytes = 1, Version = "1" };
}
