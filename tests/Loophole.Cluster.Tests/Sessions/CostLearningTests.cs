using Loophole.Cluster.Graph;
using Loophole.Cluster.Placement;
using Loophole.Cluster.Plan;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Tests.Support;

namespace Loophole.Cluster.Tests.Sessions;

public sealed class CostLearningTests
{
    private static readonly KindCost Plain = new("plain", 1);
    private static readonly KindCost Keys = new("keys", 1);

    /// <summary>Tracks with notes on one thread of the satellite, those without on another, and the sums on the host.</summary>
    private static readonly AudioGraph Song = RandomGraph.Bus(6) is var bus
        ? bus with { Channels = [.. bus.Channels.Select((channel, at) => at is 1 or 3 or 5 ? channel with { Nodes = [FakeProcessors.Keys($"keys{at}")] } : channel)] }
        : null!;

    [Fact]
    public async Task What_a_Signal_takes_long_for_comes_to_be_dear_and_is_placed_as_that()
    {
        var (book, partitioner) = (new CostBook(LearntCosts.Empty), new ByKind());
        await using var studio = await Studio.StartAsync(1);
        studio.Nodes[1].Renderers.OnRender = renderer => Spin(TimeSpan.FromMilliseconds(HasKeys(renderer.Plan) ? 0.5 : 0.1));
        await using var coordinator = studio.Coordinate(partitioner: partitioner, costs: book);
        var machine = await RenderAsync(studio, coordinator, frames: 128 * 5_000);
        var dear = book.Current.CostOf([Keys], [machine]) / book.Current.CostOf([Plain], [machine]);
        Assert.InRange(dear, 1.2, 50);

        await using var again = await Studio.StartAsync(1);
        await using var next = again.Coordinate(partitioner: partitioner, costs: new CostBook(book.Current));
        await RenderAsync(again, next, frames: 1_000);
        double[] costs = [.. partitioner.Requests[^1].Graph.Units.Select(unit => unit.Cost)];
        var declared = new GraphPlanner(new FakeProcessors()).PlanOffline(Song);
        Assert.Equal(declared.Costs, partitioner.Requests[0].Graph.Units.Select(unit => unit.Cost));
        Assert.Equal(book.Current.ApplyTo(declared, [machine]).Costs, costs);
        Assert.NotEqual(declared.Costs, costs);
    }

    /// <returns>The class of all machines, as they are this one.</returns>
    private static async Task<string> RenderAsync(Studio studio, RenderCoordinator coordinator, long frames)
    {
        var machine = "";
        foreach (var (endPoint, _, _) in studio.Nodes)
        {
            machine = MachineClass.Of((await coordinator.ConnectAsync(endPoint, Wait.Token)).Hardware);
        }

        await Wait.For(coordinator.RenderAsync(Studio.Request(frames, graph: Song), null, Wait.Token));
        return machine;
    }

    private static bool HasKeys(SubgraphPlan plan) => plan.Steps.OfType<ChannelStep>().Any(step => step.Nodes.Any(part => part.Node is ProcessorNode { Processor: "keys" }));

    private static void Spin(TimeSpan time)
    {
        for (var started = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(started) < time;)
        {
            Thread.SpinWait(50);
        }
    }

    /// <summary>Places tracks on the satellite, each kind on a thread of its own, and keeps what it was asked.</summary>
    private sealed class ByKind : IPartitioner
    {
        public List<PartitionRequest> Requests { get; } = [];

        public PartitionPlan Partition(PartitionRequest request)
        {
            Requests.Add(request);
            var (host, satellite) = (request.Nodes.First(node => node.IsHost).Id, request.Nodes.First(node => !node.IsHost).Id);
            return new PartitionPlan([.. request.Graph.Units.Select(unit => unit.Id switch
            {
                "channel:t1" or "channel:t3" or "channel:t5" => new PartitionOwner(satellite, 1),
                "channel:t0" or "channel:t2" or "channel:t4" => new PartitionOwner(satellite, 0),
                _ => new PartitionOwner(host, 0),
            })]);
        }
    }
}
