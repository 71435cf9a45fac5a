using Loophole.Cluster.TestKit;

namespace Loophole.Samples.CustomTransport.Tests;

/// <summary>The whole suite, one row a case. One at a time: some cases look at the whole process.</summary>
[Collection(nameof(UnixSocketConformanceTests))]
public sealed class UnixSocketConformanceTests
{
    private static readonly UnixSocketSubject Subject = new();

    public static TheoryData<string> CaseIds => [.. TransportSuite.Cases.Select(c => c.Id)];

    [Theory]
    [MemberData(nameof(CaseIds))]
    public async Task Case(string caseId)
    {
        var clause = TransportSuite.Cases.Single(c => c.Id == caseId);
        Assert.SkipWhen(clause.SkipReason(Subject) is not null, clause.SkipReason(Subject) ?? "");
        await clause.RunAsync(Subject, TestContext.Current.CancellationToken);
    }
}
