using Loophole.Cluster.Plan;
using Loophole.Engine.Rendering;
using Loophole.Engine.Tests.Rendering.Fakes;

namespace Loophole.Engine.Tests.Rendering;

public sealed class BufferReuseTests
{
    [Fact]
    public void A_chain_needs_one_buffer() => Assert.Equal(2, RunsFor(PlanBuilder.Plan([Signal(0)], [Signal(50)], Strips(1, 50, id => id - 1))));

    [Fact]
    public void A_sum_takes_the_place_of_its_first_input_and_gives_the_others_back()
    {
        PlanStep[] steps = [.. Strips(1, 50, _ => null), Sum(60, 1), .. Strips(101, 49, _ => null), Sum(160, 101)];
        Assert.Equal(100, RunsFor(PlanBuilder.Plan([], [Signal(60), Signal(160)], steps)));
    }

    private static PlanSignal Signal(int id) => new(id, 2);

    private static PlanStep[] Strips(int first, int count, Func<int, int?> inputOf) =>
        [.. Enumerable.Range(first, count).Select(id => PlanBuilder.Channel(Signal(id), inputOf(id)))];

    private static SumStep Sum(int id, int firstInput) =>
        PlanBuilder.Sum(Signal(id), [.. Enumerable.Range(firstInput, 49).Select(input => new SumInput(input, 0))]);

    /// <summary>Runs of one channel that signals take; one more is spare.</summary>
    private static int RunsFor(SubgraphPlan plan)
    {
        var memory = RenderPlanCompiler.Compile(plan, new TestProcessorFactory()).Memory;
        return (memory.SampleCount / memory.Stride) - 1;
    }
}
