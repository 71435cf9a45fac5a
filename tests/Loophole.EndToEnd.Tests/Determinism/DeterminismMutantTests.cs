using Loophole.Cluster.Plan;
using Loophole.Cluster.Planning;
using Loophole.Cluster.Rendering;
using Loophole.Engine;

namespace Loophole.EndToEnd.Tests.Determinism;

/// <summary>Each mutant breaks one rule of determinism; the property of <see cref="DeterminismTests"/> must notice every one of them.</summary>
public sealed class DeterminismMutantTests
{
    private const int Cases = 150;

    public static TheoryData<string> ProcessorMutants => [.. MutantFader.Faults];

    [Theory, MemberData(nameof(ProcessorMutants))]
    public async Task A_processor_that_breaks_a_rule_is_noticed(string fault) =>
        Assert.True(await IsNoticedAsync(new MutantProcessors(fault), (plan, _) => plan));

    [Fact]
    public async Task The_mutants_fader_without_a_fault_is_not_noticed() =>
        Assert.False(await IsNoticedAsync(new MutantProcessors("none"), (plan, _) => plan));

    [Fact]
    public async Task A_sum_in_order_of_arrival_is_noticed() =>
        Assert.True(await IsNoticedAsync(new BuiltInProcessors(), (plan, random) => Rewrite(plan, sum => sum with { Inputs = [.. sum.Inputs.OrderBy(_ => random.Next())] })));

    [Fact]
    public async Task A_lost_edge_delay_is_noticed() =>
        Assert.True(await IsNoticedAsync(new BuiltInProcessors(), (plan, random) => Rewrite(plan, sum => sum with { Inputs = [.. sum.Inputs.Select(input => input with { DelayFrames = random.Next(8) == 0 ? 0 : input.DelayFrames })] })));

    [Fact]
    public async Task A_sum_that_follows_the_placement_instead_of_the_tree_is_noticed() =>
        Assert.True(await IsNoticedAsync(new BuiltInProcessors(), (plan, _) => Rewrite(plan, sum => sum.Inputs.Length < 3 ? sum : sum with { Inputs = [.. sum.Inputs.Skip(1), sum.Inputs[0]] })));

    private static async Task<bool> IsNoticedAsync(IProcessorFactory processors, Func<GlobalPlan, Random, GlobalPlan> mutate)
    {
        var (media, ids) = await Recordings.MakeAsync(5);
        var render = new PlacedRender(new EngineRendererFactory(processors), media);
        for (var seed = 0; seed < Cases; seed++)
        {
            var project = RandomProject.Create(seed, ids);
            var plan = new GraphPlanner(processors).Plan(project.Graph);
            var frames = RandomProject.LengthFrames + plan.LatencyFrames;
            var whole = render.RenderWhole(plan, project.Events, frames);
            var random = new Random(seed);
            if (PlacedRender.FirstDifference(whole, render.RenderScattered(mutate(plan, random), project.Events, frames, random)) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static GlobalPlan Rewrite(GlobalPlan plan, Func<SumStep, SumStep> rewrite) =>
        plan with { Steps = [.. plan.Steps.Select(step => step is SumStep sum ? rewrite(sum) : step)] };
}
