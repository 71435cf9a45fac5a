namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>A case that never failed proves nothing.</summary>
public sealed class BrokenTransportTests
{
    public static TheoryData<string, string, string> Rows => BrokenTransports.Rows(alone: false);

    [Theory, MemberData(nameof(Rows))]
    public async Task A_broken_transport_is_caught_by_its_case(string flaw, string caseId, string says)
    {
        var clause = TransportSuite.Cases.Single(c => c.Id == caseId);
        var caught = await Assert.ThrowsAsync<ConformanceException>(() => clause.RunAsync(BrokenTransports.Create(flaw), TestContext.Current.CancellationToken));
        Assert.Equal(caseId, caught.CaseId);
        Assert.StartsWith($"{caseId}: {clause.Title} Expected ", caught.Message, StringComparison.Ordinal);
        Assert.True(caught.Message.Contains(says, StringComparison.Ordinal), caught.Message);
    }
}
