using Loophole.Cluster.Protocol.Tests.Contract;

namespace Loophole.Cluster.TestKit.Tests.Broken;

[Collection(nameof(Alone))]
public sealed class BrokenResourceTests
{
    public static TheoryData<string, string, string> Rows => BrokenTransports.Rows(alone: true, "LINK", "RES");

    [Theory, MemberData(nameof(Rows))]
    public Task A_broken_transport_is_caught_by_its_case(string flaw, string caseId, string says) =>
        BrokenTransportTests.CatchAsync(flaw, caseId, says);
}
