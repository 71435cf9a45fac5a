using System.Buffers;
using Loophole.Cluster.Links;
using Loophole.Cluster.Tcp;
using Loophole.Cluster.TestKit.Impairment;
using Loophole.Cluster.TestKit.Tests.Broken;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Impairment;

/// <summary>TCP with a flaw that shows when the network under it fails: a case that never failed proves nothing.</summary>
public sealed class BrokenRelayTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, (Func<IClusterTransport, IClusterTransport> Flaw, (string CaseId, string Says)[] Caught)> Broken = new()
    {
        ["classifies no error"] = (t => new BrokenConnections.KnowsNoError(t), [("FAULT-101", "an error with a name"), ("FAULT-102", "an error with a name"), ("FAULT-107", "Unreachable; it is Unknown")]),
        ["hides a reset"] = (Link(l => new BrokenLinks.HidesAReset(l)), [("FAULT-101", "the end of the"), ("FAULT-105", "the end of the link")]),
        ["shows a reset as the end in good order"] = (Link(l => new BrokenLinks.ResetIsTheEnd(l)), [("FAULT-102", "ended in good order"), ("FAULT-105", "to give something")]),
        ["fills up with silence what a reset tore"] = (Link(l => new BrokenLinks.FillsUp(l)), [("FAULT-105", "nothing but what was sent before the failure")]),
        ["loses a block"] = (Link(l => new BrokenLinks.LosesABlock(l)), [("FAULT-103", "frame "), ("FAULT-108", "frame ")]),
        ["swaps the samples of a block"] = (Link(l => new BrokenLinks.FlipsABit(l)), [("FAULT-103", "every sample as it was sent"), ("FAULT-108", "every sample as it was sent")]),
        ["does not hear the token of ReceiveAsync"] = (Link(l => new BrokenLinks.IgnoresReceiveAsyncToken(l)), [("FAULT-104", "the reader's deadline to end its wait")]),
        ["loses what arrives after a cancelled receive"] = (Link(l => new BrokenLinks.LosesCancelledReceive(l)), [("FAULT-104", "frame ")]),
        ["fails with a cancelled receive"] = (Link(l => new BrokenLinks.BreaksWithAReceive(l)), [("FAULT-104", "to be null")]),
        ["is disposed once the peer has said goodbye"] = (Connection(c => new BrokenConnections.WaitsForGoodbye(c)), [("FAULT-106", "the disposal of the side that is not told")]),
        ["connects without a deadline"] = (t => t, [("FAULT-107", "the deadline of connecting")]),
    };

    public static TheoryData<string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (var (name, (_, caught)) in Broken)
            {
                foreach (var (caseId, says) in caught)
                {
                    rows.Add(name, caseId, says);
                }
            }

            return rows;
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task A_broken_transport_is_caught_by_its_case(string flaw, string caseId, string says)
    {
        var clause = RelaySuite.Cases.Single(c => c.Id == caseId);
        var caught = await Assert.ThrowsAsync<ConformanceException>(() => clause.RunAsync(new Subject(Broken[flaw].Flaw, flaw), TestContext.Current.CancellationToken));
        Assert.Equal(caseId, caught.CaseId);
        Assert.True(caught.Message.Contains(says, StringComparison.Ordinal), caught.Message);
    }

    [Fact]
    public void Every_case_has_caught_something() =>
        Assert.Equal(RelaySuite.Cases.Select(c => c.Id).Order(), Broken.Values.SelectMany(b => b.Caught).Select(c => c.CaseId).Distinct().Order());

    private static Func<IClusterTransport, IClusterTransport> Link(Func<IAudioLink, IAudioLink> flaw) =>
        Connection(connection => new WrappedConnection(connection, wrapLink: flaw));

    private static Func<IClusterTransport, IClusterTransport> Connection(Func<IClusterConnection, IClusterConnection> flaw) =>
        transport => new WrappedTransport(transport, flaw);

    private sealed class Subject(Func<IClusterTransport, IClusterTransport> flaw, string name) : RelaySubject
    {
        public override Uri ListenEndPoint { get; } = new("tcp://127.0.0.1:0");

        public override TransportSecurity Security => TransportSecurity.SameMachine;

        public override TimeSpan TimeLimit => Soon;

        // A step beyond the preambles, so that the cuts come to the link soon.
        public override int CutStep => 7;

        public override IClusterTransport CreateTransport(MemoryPool<byte> pool) => flaw(new TcpTransport(new TcpTransportOptions
        {
            InsecureLoopback = true,
            Pool = pool,
            ConnectTimeout = name == "connects without a deadline" ? 10 * Soon : Soon / 2,
        }));
    }
}
