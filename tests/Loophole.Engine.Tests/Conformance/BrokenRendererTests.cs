using Loophole.Cluster.Plan;
using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.TestKit.Rendering;

namespace Loophole.Engine.Tests.Conformance;

/// <summary>Renderers that break a promise on purpose: each is caught by its case.</summary>
public sealed class BrokenRendererTests
{
    private const string ObligedCaseId = "REND-110";

    private static readonly Dictionary<string, (string CaseId, Func<IRenderer, IRenderer> BreakIt)> Broken = new()
    {
        ["marks the start of each block"] = ("REND-101", r => new BlockMarking(r)),
        ["swallows a sample after a checkpoint"] = ("REND-102", r => new Hiccuping(r)),
        ["hears events late that are told late"] = ("REND-103", r => new HardOfHearing(r)),
        ["sounds otherwise on every thread"] = ("REND-104", r => new BoundToItsThread(r)),
        ["allocates"] = ("REND-105", r => new Allocating(r)),
        ["takes any checkpoint"] = ("REND-106", r => new Credulous(r)),
        ["loses count"] = ("REND-107", r => new Miscounting(r)),
        ["takes events in any order"] = ("REND-108", r => new Tolerant(r)),
        ["does nothing where it should refuse"] = ("REND-109", r => new Lenient(r)),
        ["is put off by a call it refused"] = ("REND-109", r => new Resentful(r)),
        ["never gets over NaN"] = ("REND-111", r => new Poisoned(r)),
        ["throws at NaN"] = ("REND-111", r => new Squeamish(r)),
        ["takes events of other subgraphs for its own"] = ("REND-112", r => new Meddling(r)),
        ["refuses events of other subgraphs"] = ("REND-112", r => new Exclusive(r)),
        ["scribbles on its input"] = ("REND-113", r => new Scribbling(r)),
        ["cannot be disposed twice"] = ("REND-114", r => new OnceOnly(r)),
        ["takes checkpoints of its own cut alone"] = ("REND-115", r => new Possessive(r)),
    };

    public static TheoryData<string> Faults => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_broken_renderer_is_caught_by_its_case(string fault)
    {
        var (caseId, breakIt) = Broken[fault];
        var clause = RendererSuite.Cases.Single(c => c.Id == caseId);
        var caught = await Assert.ThrowsAsync<ConformanceException>(
            () => clause.RunAsync(new EngineSubject(1, breakIt), TestContext.Current.CancellationToken));
        Assert.Equal(caseId, caught.CaseId);
    }

    [Fact]
    public async Task A_factory_that_runs_a_plan_that_contradicts_itself_is_caught()
    {
        var clause = RendererSuite.Cases.Single(c => c.Id == ObligedCaseId);
        var caught = await Assert.ThrowsAsync<ConformanceException>(() => clause.RunAsync(new Obliging(), TestContext.Current.CancellationToken));
        Assert.Equal(ObligedCaseId, caught.CaseId);
    }

    [Fact]
    public void Every_case_has_caught_something() =>
        Assert.Equal(RendererSuite.Cases.Select(c => c.Id).Order(), Broken.Values.Select(b => b.CaseId).Append(ObligedCaseId).Distinct().Order());

    private sealed class Obliging : RendererSubject
    {
        private static readonly EngineSubject Healthy = new(1);

        public override IRendererFactory Factory { get; } = new ObligingFactory(Healthy.Factory, Healthy.Plan);

        public override SubgraphPlan Plan => Healthy.Plan;
    }
}
