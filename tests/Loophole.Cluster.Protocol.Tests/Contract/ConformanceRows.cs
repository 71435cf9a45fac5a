namespace Loophole.Cluster.Protocol.Tests.Contract;

/// <summary>The test kit's cases as theory rows, each shown by its id.</summary>
public static class ConformanceRows
{
    /// <summary>Cases that may run side by side.</summary>
    public static TheoryData<string> SideBySide => [.. TestKit.TransportSuite.Cases.Where(c => !c.RunsAlone).Select(c => c.Id)];

    /// <summary>Cases that look at the whole process: for a class in the collection <see cref="Contract.Alone"/>.</summary>
    public static TheoryData<string> Alone => [.. TestKit.TransportSuite.Cases.Where(c => c.RunsAlone).Select(c => c.Id)];

    /// <summary>Cases of links that may run side by side.</summary>
    public static TheoryData<string> Links => [.. TestKit.TransportSuite.Cases.Where(c => !c.RunsAlone && c.Id.StartsWith("LINK-", StringComparison.Ordinal)).Select(c => c.Id)];

    public static async Task RunAsync(TestKit.TransportSubject subject, string id)
    {
        var clause = TestKit.TransportSuite.Cases.Single(c => c.Id == id);
        var skipReason = clause.SkipReason(subject);
        Assert.SkipWhen(skipReason is not null, skipReason ?? "");
        await clause.RunAsync(subject, TestContext.Current.CancellationToken);
    }
}
