using Loophole.Cluster.Nodes;
using Loophole.Cluster.Registry;
using Loophole.Cluster.Sessions;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class NodeConditionTests
{
    private readonly ClusterRegistry _registry = new();
    private readonly NodeDescription _node = new() { Id = new NodeId(Guid.NewGuid()), Name = "n", Role = NodeRole.Satellite, EndPoints = [new Uri("memory://n")], ProcessId = 1, Cores = 1, Workers = 1, MemoryBytes = 1, Version = "1" };
    private readonly NodeCondition _condition;

    public NodeConditionTests()
    {
        _registry.Register(_node, NodeStanding.SameMachine);
        _condition = new NodeCondition(_registry, _node.Id);
    }

    private (NodeHealth Health, string Reason) Now => (_registry.Current.Nodes[0].Health, _registry.Current.Nodes[0].Reason);

    [Fact]
    public void What_is_worst_is_told_and_the_rest_when_that_is_over()
    {
        _condition.Ready(false);
        Assert.Equal((NodeHealth.Joining, ""), Now);
        _condition.Late("slow");
        Assert.Equal((NodeHealth.Degraded, "slow"), Now);
        _condition.Ready(true);
        Assert.Equal((NodeHealth.Degraded, "slow"), Now);
        _condition.Suspect(true);
        Assert.Equal((NodeHealth.Suspect, "it has been silent for half of the time after which it is lost"), Now);
        _condition.Late(null);
        Assert.Equal(NodeHealth.Suspect, Now.Health);
        _condition.Suspect(false);
        Assert.Equal((NodeHealth.Active, ""), Now);
    }

    [Fact]
    public void Of_one_that_was_never_let_in_nothing_is_told()
    {
        _condition.Suspect(true);
        _condition.Late("slow");
        Assert.Equal((NodeHealth.Joining, ""), Now);
    }
}
