namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>The cases that need a peer below the transport catch what they are for.</summary>
public sealed class BrokenRawTests
{
    public static TheoryData<string> CaseIds => ["FAULT-040", "FAULT-041", "FAULT-042", "FAULT-043", "FAULT-044", "XPRT-013"];

    [Theory]
    [InlineData(RawFlaw.StuckOnTheGone, "FAULT-040", "ConnectAsync")]
    [InlineData(RawFlaw.StuckOnGarbage, "FAULT-041", "ConnectAsync")]
    [InlineData(RawFlaw.KeepsGarbage, "FAULT-041", "the number of bytes rented")]
    [InlineData(RawFlaw.StuckOnTheSilent, "FAULT-042", "ConnectAsync")]
    [InlineData(RawFlaw.HearsForEver, "FAULT-043", "an endless client to be cut off")]
    [InlineData(RawFlaw.WaitsForTheHalfOpen, "FAULT-044", "disposal of a listener with half-open clients")]
    [InlineData(RawFlaw.ConnectsForEver, "XPRT-013", "the deadline of connecting")]
    public async Task A_broken_transport_is_caught_by_its_case(RawFlaw flaw, string caseId, string says)
    {
        var clause = TransportSuite.Cases.Single(c => c.Id == caseId);
        var caught = await Assert.ThrowsAsync<ConformanceException>(() => clause.RunAsync(new RawSubject(flaw, TimeSpan.FromSeconds(1)), TestContext.Current.CancellationToken));
        Assert.Equal(caseId, caught.CaseId);
        Assert.True(caught.Message.Contains(says, StringComparison.Ordinal), caught.Message);
    }

    [Theory, MemberData(nameof(CaseIds))]
    public Task The_one_without_a_flaw_passes(string caseId) =>
        TransportSuite.Cases.Single(c => c.Id == caseId).RunAsync(new RawSubject(RawFlaw.None, TimeSpan.FromSeconds(20)), TestContext.Current.CancellationToken);
}
