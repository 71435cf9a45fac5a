namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>A case that never failed proves nothing. The groups run beside each other, because most rows wait until a case gives up.</summary>
public static class BrokenTransportTests
{
    /// <summary>Runs a row of <see cref="BrokenTransports"/>.</summary>
    public static async Task CatchAsync(string flaw, string caseId, string says)
    {
        var clause = TransportSuite.Cases.Single(c => c.Id == caseId);
        var caught = await Assert.ThrowsAsync<ConformanceException>(() => clause.RunAsync(BrokenTransports.Create(flaw), TestContext.Current.CancellationToken));
        Assert.Equal(caseId, caught.CaseId);
        Assert.StartsWith($"{caseId}: {clause.Title} Expected ", caught.Message, StringComparison.Ordinal);
        Assert.True(caught.Message.Contains(says, StringComparison.Ordinal), caught.Message);
    }

    public sealed class All
    {
        [Fact]
        public void Every_case_has_caught_something() => Assert.Equal(
            TransportSuite.Cases.Select(c => c.Id).Order(),
            BrokenTransports.CaughtCaseIds.Concat(BrokenRawTests.CaseIds.Select(row => row.Data)).Distinct().Order());
    }

    public sealed class Links
    {
        public static TheoryData<string, string, string> Rows => BrokenTransports.Rows(alone: false, "LINK");

        [Theory, MemberData(nameof(Rows))]
        public Task A_broken_transport_is_caught_by_its_case(string flaw, string caseId, string says) => CatchAsync(flaw, caseId, says);
    }

    public sealed class Transports
    {
        public static TheoryData<string, string, string> Rows => BrokenTransports.Rows(alone: false, "XPRT");

        [Theory, MemberData(nameof(Rows))]
        public Task A_broken_transport_is_caught_by_its_case(string flaw, string caseId, string says) => CatchAsync(flaw, caseId, says);
    }

    public sealed class Others
    {
        public static TheoryData<string, string, string> Rows => BrokenTransports.Rows(alone: false, "CTRL", "FAULT", "RES");

        [Theory, MemberData(nameof(Rows))]
        public Task A_broken_transport_is_caught_by_its_case(string flaw, string caseId, string says) => CatchAsync(flaw, caseId, says);
    }
}
