using Loophole.Cluster.Plan;
using Loophole.Engine.Rendering;
using Loophole.Engine.Tests.Rendering.Fakes;

namespace Loophole.Engine.Tests.Rendering;

public sealed class BufferReuseTests
{
    [Fact]
    public void A_long_chain_needs_one_buffer_and_a_wide_sum_one_per_input()
    {
        var chain = Enumerable.Range(1, 50).Select(i => PlanBuilder.Channel(new PlanSignal(i, 2), i - 1)).ToArray<PlanStep>();
        Assert.Equal(2, RunsFor(PlanBuilder.Plan([new PlanSignal(0, 2)], [new PlanSignal(50, 2)], chain)));

        var strips = Enumerable.Range(1, 50).Select(i => PlanBuilder.Channel(new PlanSignal(i, 2), null)).ToArray<PlanStep>();
        var sum = PlanBuilder.Sum(new PlanSignal(99, 2), [.. Enumerable.Range(1, 50).Select(i => new SumInput(i, 0))]);
        Assert.Equal(100, RunsFor(PlanBuilder.Plan([], [new PlanSignal(99, 2)], [.. strips, sum])));
    }

    /// <summary>Runs of one channel that signals take; one more is spare.</summary>
    private static int RunsFor(SubgraphPlan plan)
    {
        var memory = RenderPlanCompiler.Compile(plan, new TestProcessorFactory()).Memory;
        return (memory.SampleCount / memory.Stride) - 1;
    }
}
