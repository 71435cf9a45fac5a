using Loophole.Cluster.TestKit;
using Loophole.Cluster.TestKit.Rendering;
using Loophole.Engine.Processors;

namespace Loophole.Engine.Tests.Conformance;

/// <summary>The engine's processors and its renderer against the cases that every processor and renderer answers.</summary>
public sealed class RenderingConformanceTests
{
    private static readonly int[] Seeds = [1, 2, 3];

    public static TheoryData<string, string> ProcessorCases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kind in BuiltInKind.All)
            {
                foreach (var clause in ProcessorSuite.Cases)
                {
                    data.Add(kind.Name, clause.Id);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> RendererCases => [.. RendererSuite.Cases.Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(ProcessorCases))]
    public async Task A_built_in_processor(string kind, string caseId)
    {
        foreach (var seed in Seeds)
        {
            await RunAsync(ProcessorSuite.Cases.Single(c => c.Id == caseId), new BuiltInSubject(kind, seed));
        }
    }

    [Theory]
    [MemberData(nameof(RendererCases))]
    public async Task The_engines_renderer(string caseId)
    {
        foreach (var seed in Seeds)
        {
            await RunAsync(RendererSuite.Cases.Single(c => c.Id == caseId), new EngineSubject(seed));
        }
    }

    private static Task RunAsync<T>(ConformanceCase<T> clause, T subject)
        where T : class
    {
        Assert.SkipWhen(clause.SkipReason(subject) is not null, clause.SkipReason(subject) ?? "");
        return clause.RunAsync(subject, TestContext.Current.CancellationToken);
    }
}
