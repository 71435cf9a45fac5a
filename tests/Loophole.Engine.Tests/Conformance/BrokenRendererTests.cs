using Loophole.Cluster.Rendering;
using Loophole.Cluster.TestKit;
using Loophole.Cluster.TestKit.Rendering;

namespace Loophole.Engine.Tests.Conformance;

/// <summary>Renderers that break a promise on purpose: each is caught by its case.</summary>
public sealed class BrokenRendererTests
{
    private static readonly Dictionary<string, (string CaseId, Func<IRenderer, IRenderer> BreakIt)> Broken = new()
    {
        ["marks the start of each block"] = ("REND-101", r => new BlockMarking(r)),
        ["swallows a sample after a checkpoint"] = ("REND-102", r => new Hiccuping(r)),
        ["hears events late that are told late"] = ("REND-103", r => new HardOfHearing(r)),
        ["allocates"] = ("REND-105", r => new Allocating(r)),
        ["takes any checkpoint"] = ("REND-106", r => new Credulous(r)),
        ["loses count"] = ("REND-107", r => new Miscounting(r)),
        ["takes events in any order"] = ("REND-108", r => new Tolerant(r)),
        ["scribbles on its input"] = ("REND-113", r => new Scribbling(r)),
        ["cannot be disposed twice"] = ("REND-114", r => new OnceOnly(r)),
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
}
