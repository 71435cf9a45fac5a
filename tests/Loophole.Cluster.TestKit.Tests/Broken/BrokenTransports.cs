using System.Buffers;
using Loophole.Cluster.Links;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Each broken transport, with the cases that must catch it and words of what they must say.</summary>
internal static class BrokenTransports
{
    private static readonly Dictionary<string, (Func<IClusterTransport, MemoryPool<byte>, IClusterTransport> Flaw, (string CaseId, string Says)[] Caught)> All = new()
    {
        ["flips a bit of audio"] = (Link(l => new BrokenLinks.FlipsABit(l)), [("LINK-001", "the bits of block"), ("LINK-006", "element"), ("LINK-060", "the samples that were sent")]),
        ["compares values, so that minus zero is silence"] = (Link(l => new BrokenLinks.ComparesValues(l)), [("LINK-002", "IsSilent")]),
        ["reorders two blocks"] = (Link(l => new BrokenLinks.Reorders(l)), [("LINK-004", "stream and frame in period 0"), ("LINK-005", "element 0")]),
        ["ignores credit"] = (Link(l => new BrokenLinks.IgnoresCredit(l)), [("LINK-020", "TrySend(7, 1100"), ("LINK-024", "not to hold")]),
        ["delivers after abort"] = (Link(l => new BrokenLinks.DeliversAfterAbort(l)), [("LINK-086", "blocks after the abort to be 0")]),
        ["allocates per block"] = (Link(l => new BrokenLinks.Allocates(l)), [("RES-002", "bytes allocated for 20000 blocks")]),
        ["allocates per receive on a thread"] = (Link(l => new BrokenLinks.AllocatesOnReceive(l)), [("RES-003", "bytes allocated for 20000 blocks")]),
        ["shows a reset as a cancellation"] = (Link(l => new BrokenLinks.ResetIsCancellation(l)), [("FAULT-022", "the contract's own exception from ReceiveAsync at the peer"), ("LINK-081", "AudioLinkException from")]),
        ["does not hear a flush's token"] = (Link(l => new BrokenLinks.IgnoresFlushToken(l)), [("LINK-060", "the end of a cancelled flush to complete")]),
        ["does not hear the token of Receive"] = (Link(l => new BrokenLinks.IgnoresReceiveToken(l)), [("LINK-053", "the end of a cancelled Receive to complete")]),
        ["loses what arrives after a cancelled receive"] = (Link(l => new BrokenLinks.LosesCancelledReceive(l)), [("LINK-050", "the arrival of 1 blocks to complete")]),
        ["never fires Closed of a link"] = (Link(l => new BrokenLinks.NeverCloses(l)), [("LINK-081", "near.Closed to fire"), ("LINK-085", "the callbacks of Closed")]),
        ["runs callbacks of a link's Closed on the path that closes"] = (Link(l => new BrokenLinks.ClosesOnThePath(l)), [("LINK-085", "the return of Abort while a callback blocks")]),
        ["forgets its failure"] = (Link(l => new BrokenLinks.ForgetsItsFailure(l)), [("LINK-084", "to keep its first failure"), ("LINK-080", "ReferenceEquals")]),
        ["throws on a second disposal of a link"] = (Link(l => new BrokenLinks.DisposesOnce(l)), [("LINK-075", "ObjectDisposedException"), ("LINK-076", "ObjectDisposedException")]),
        ["aborts instead of completing"] = (Link(l => new BrokenLinks.CompletesAsAbort(l)), [("LINK-070", "AudioLinkException"), ("LINK-074", "AudioLinkException")]),
        ["loses the last bytes at disposal"] = (Channel(c => new BrokenChannels.LosesItsTail(c)), [("XPRT-051", "TransportException: The peer aborted"), ("CTRL-023", "TransportException: The peer aborted")]),
        ["never fires Closed of a channel"] = (Channel(c => new BrokenChannels.NeverCloses(c)), [("XPRT-053", "far.Closed to fire"), ("XPRT-054", "the callbacks of Closed")]),
        ["mistakes a channel's purpose"] = (Channel(c => new BrokenChannels.MistakesPurpose(c)), [("XPRT-031", "(Events, Events)"), ("XPRT-038", "the purpose of channel")]),
        ["shares one window among channels"] = (Window, [("XPRT-056", "to complete; it was still missing"), ("XPRT-042", "to complete; it was still missing")]),
        ["buffers without bound"] = (Channel(c => new WrappedChannel(c, w => c.Purpose == ChannelPurpose.Control ? w : new BrokenChannels.NeverWaits(w))), [("XPRT-055", "that nobody reads; none did")]),
        ["flips a bit of a channel"] = (Channel(c => new WrappedChannel(c, w => new BrokenChannels.FlipsABit(w))), [("XPRT-050", "differs"), ("CTRL-005", "")]),
        ["leaks a buffer"] = (Connection((c, pool) => new BrokenConnections.Leaks(c, pool)), [("RES-001", "the return of every rented buffer"), ("RES-004", "the number of rented buffers"), ("LINK-062", "the return of every rented buffer")]),
        ["claims mutual TLS"] = (Connection((c, _) => new BrokenConnections.ClaimsTls(c)), [("XPRT-002", "to be SameMachine; it is MutualTls")]),
        ["blocks in Abort"] = (Connection((c, _) => new BrokenConnections.BlocksInAbort(c)), [("XPRT-043", "the return of Abort while a callback blocks")]),
        ["splits a connection's channels among peers"] = (Split, [("XPRT-039", "a channel at the peer of its own connection")]),
        ["accepts after disposal"] = ((t, _) => new BrokenConnections.NeverStops(t), [("XPRT-021", "the end of a pending accept"), ("XPRT-024", "Somebody listens"), ("FAULT-007", "a connection that nobody accepted")]),
        ["classifies no error"] = ((t, _) => new BrokenConnections.KnowsNoError(t), [("XPRT-004", "to be Unreachable; it is Unknown")]),
        ["connects though cancelled"] = ((t, _) => new BrokenConnections.IgnoresConnectToken(t), [("XPRT-008", "OperationCanceledException from")]),
        ["remembers every connection"] = (Remember, [("RES-006", "the number of ends kept")]),
    };

    /// <summary>Rows of flaw, case, words.</summary>
    public static TheoryData<string, string, string> Rows(bool alone)
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var (name, (_, caught)) in All)
        {
            foreach (var (caseId, says) in caught.Where(c => TransportSuite.Cases.Single(s => s.Id == c.CaseId).RunsAlone == alone))
            {
                rows.Add(name, caseId, says);
            }
        }

        return rows;
    }

    public static BrokenSubject Create(string name) => new(All[name].Flaw, TimeSpan.FromSeconds(1));

    /// <summary>The same wrapping without a flaw.</summary>
    public static BrokenSubject CreateHealthy() => new((transport, _) => new WrappedTransport(transport), TimeSpan.FromSeconds(20));

    private static Func<IClusterTransport, MemoryPool<byte>, IClusterTransport> Link(Func<IAudioLink, IAudioLink> flaw) =>
        Connection((connection, _) => new WrappedConnection(connection, wrapLink: flaw));

    private static Func<IClusterTransport, MemoryPool<byte>, IClusterTransport> Channel(Func<IClusterChannel, IClusterChannel> flaw) =>
        Connection((connection, _) => new WrappedConnection(connection, wrapChannel: flaw));

    private static Func<IClusterTransport, MemoryPool<byte>, IClusterTransport> Connection(Func<IClusterConnection, MemoryPool<byte>, IClusterConnection> flaw) =>
        (transport, pool) => new WrappedTransport(transport, connection => flaw(connection, pool));

    private static WrappedTransport Window(IClusterTransport transport, MemoryPool<byte> pool)
    {
        var window = new SemaphoreSlim(1);
        return new WrappedTransport(transport, connection => new WrappedConnection(
            connection, channel => new WrappedChannel(channel, writer => new BrokenChannels.SharesAWindow(writer, window))));
    }

    private static WrappedTransport Split(IClusterTransport transport, MemoryPool<byte> pool)
    {
        var all = new List<IClusterConnection>();
        return new WrappedTransport(transport, connection => new BrokenConnections.SplitsChannels(connection, all));
    }

    private static WrappedTransport Remember(IClusterTransport transport, MemoryPool<byte> pool)
    {
        var all = new List<object>();
        return new WrappedTransport(transport, connection => new BrokenConnections.Remembers(connection, all));
    }
}
