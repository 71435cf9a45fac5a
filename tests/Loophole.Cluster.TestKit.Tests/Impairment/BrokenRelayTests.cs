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
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, (Func<IClusterTransport, Action, IClusterTransport> Flaw, (string CaseId, string Says)[] Caught)> Broken = new()
    {
        ["classifies no error"] = ((t, _) => new BrokenConnections.KnowsNoError(t), [("FAULT-101", "an error with a name"), ("FAULT-102", "an error with a name"), ("FAULT-107", "Unreachable; it is Unknown")]),
        ["hides a reset"] = (Link((l, shown) => new BrokenLinks.HidesAReset(l, shown)), [("FAULT-101", "the end of the"), ("FAULT-105", "the end of the link")]),
        ["shows a reset as the end in good order"] = (Link((l, _) => new BrokenLinks.ResetIsTheEnd(l)), [("FAULT-102", "ended in good order"), ("FAULT-105", "to give something")]),
        ["fills up with silence what a reset tore"] = (Link((l, _) => new BrokenLinks.FillsUp(l)), [("FAULT-105", "nothing but what was sent before the failure")]),
        ["loses a block"] = (Link((l, shown) => new BrokenLinks.LosesABlock(l, shown)), [("FAULT-103", "frame "), ("FAULT-108", "frame ")]),
        ["swaps the samples of a block"] = (Link((l, _) => new BrokenLinks.FlipsABit(l)), [("FAULT-103", "every sample as it was sent"), ("FAULT-108", "every sample as it was sent")]),
        ["does not hear the token of ReceiveAsync"] = (Link((l, shown) => new BrokenLinks.IgnoresReceiveAsyncToken(l, shown)), [("FAULT-104", "the reader's deadline to end its wait")]),
        ["loses what arrives after a cancelled receive"] = (Link((l, shown) => new BrokenLinks.LosesCancelledReceive(l, shown)), [("FAULT-104", "frame ")]),
        ["fails with a cancelled receive"] = (Link((l, _) => new BrokenLinks.BreaksWithAReceive(l)), [("FAULT-104", "to be null")]),
        ["is disposed once the peer has said goodbye"] = (Connection((c, shown) => new BrokenConnections.WaitsForGoodbye(c, shown)), [("FAULT-106", "the disposal of the side that is not told")]),
        ["connects without a deadline"] = ((t, shown) => new BrokenConnections.ConnectsForEver(t, shown), [("FAULT-107", "the deadline of connecting")]),
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

    private static Func<IClusterTransport, Action, IClusterTransport> Link(Func<IAudioLink, Action, IAudioLink> flaw) =>
        Connection((connection, shown) => new WrappedConnection(connection, wrapLink: link => flaw(link, shown)));

    private static Func<IClusterTransport, Action, IClusterTransport> Connection(Func<IClusterConnection, Action, IClusterConnection> flaw) =>
        (transport, shown) => new WrappedTransport(transport, connection => flaw(connection, shown));

    /// <summary>TCP with a flaw, which tells the clock when it keeps a case waiting.</summary>
    private sealed class Subject(Func<IClusterTransport, Action, IClusterTransport> flaw, string name) : RelaySubject
    {
        private readonly FlawClock _clock = new();

        public override Uri ListenEndPoint { get; } = new("tcp://127.0.0.1:0");

        public override TransportSecurity Security => TransportSecurity.SameMachine;

        internal override TimeProvider Clock => _clock;

        // A step beyond the preambles, so that the cuts come to the link soon.
        public override int CutStep => 7;

        public override IClusterTransport CreateTransport(MemoryPool<byte> pool) => flaw(
            new TcpTransport(new TcpTransportOptions
            {
                InsecureLoopback = true,
                Pool = pool,
                // Only who classifies no error waits for it.
                ConnectTimeout = name == "classifies no error" ? ConnectTimeout : TimeSpan.FromMinutes(1),
            }),
            _clock.Show);
    }
}
