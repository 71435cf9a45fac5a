using System.Buffers;
using Loophole.Cluster.Links;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Tests.Broken;

/// <summary>Each broken transport, with the cases that must catch it and words of what they must say.</summary>
internal static class BrokenTransports
{
    private static readonly Dictionary<string, (Func<IClusterTransport, MemoryPool<byte>, IClusterTransport> Flaw, (string CaseId, string Says)[] Caught)> All = new()
    {
        ["flips a bit of audio"] = (Link(l => new BrokenLinks.FlipsABit(l)), [("LINK-001", "the bits of block"), ("LINK-006", "element"), ("LINK-060", "the samples that were sent"), ("LINK-003", "element 0 of block.Samples"), ("LINK-007", "element 1 of block.Samples"), ("LINK-008", "samples from"), ("LINK-009", "element 63"), ("LINK-052", "element 511 of block.Samples")]),
        ["compares values, so that minus zero is silence"] = (Link(l => new BrokenLinks.ComparesValues(l)), [("LINK-002", "IsSilent")]),
        ["reorders two blocks"] = (Link(l => new BrokenLinks.Reorders(l)), [("LINK-004", "stream and frame in period 0"), ("LINK-005", "element 0"), ("LINK-033", "stream, epoch and frame of the blocks")]),
        ["ignores credit"] = (Link(l => new BrokenLinks.IgnoresCredit(l)), [("LINK-020", "TrySend(7, 1100"), ("LINK-024", "not to hold"), ("LINK-021", "TrySend(9, 1064"), ("LINK-023", "TrySend(7, 1000"), ("LINK-025", "TrySend(8, 1000"), ("LINK-034", "TrySend(7, 100,"), ("LINK-030", "the arrival of 1 blocks")]),
        ["delivers after abort"] = (Link(l => new BrokenLinks.DeliversAfterAbort(l)), [("LINK-086", "blocks after the abort to be 0"), ("LINK-083", "the end of a flush that was stuck")]),
        ["allocates per block"] = (Link(l => new BrokenLinks.Allocates(l)), [("RES-002", "bytes allocated for 20000 blocks")]),
        ["allocates per receive on a thread"] = (Link(l => new BrokenLinks.AllocatesOnReceive(l)), [("RES-003", "bytes allocated for 20000 blocks")]),
        ["shows a reset as a cancellation"] = (Link(l => new BrokenLinks.ResetIsCancellation(l)), [("FAULT-022", "the contract's own exception from ReceiveAsync at the peer"), ("LINK-081", "AudioLinkException from"), ("FAULT-001", "the contract's own exception"), ("FAULT-002", "the contract's own exception"), ("LINK-088", "OperationCanceledException was thrown")]),
        ["does not hear a flush's token"] = (Link(l => new BrokenLinks.IgnoresFlushToken(l)), [("LINK-060", "the end of a cancelled flush to complete")]),
        ["does not hear the token of Receive"] = (Link(l => new BrokenLinks.IgnoresReceiveToken(l)), [("LINK-053", "the end of a cancelled Receive to complete"), ("FAULT-024", "a cancelled wait for a silent peer"), ("LINK-051", "far.Receive(new BlockRecorder(), fired)")]),
        ["loses what arrives after a cancelled receive"] = (Link(l => new BrokenLinks.LosesCancelledReceive(l)), [("LINK-050", "the arrival of 1 blocks to complete"), ("FAULT-020", "the arrival of 1 blocks"), ("FAULT-021", "the arrival of 1 blocks")]),
        ["never fires Closed of a link"] = (Link(l => new BrokenLinks.NeverCloses(l)), [("LINK-081", "near.Closed to fire"), ("LINK-085", "the callbacks of Closed"), ("LINK-078", "near.Closed"), ("LINK-082", "near.Closed to fire"), ("FAULT-008", "the end of a link that nobody accepted")]),
        ["runs callbacks of a link's Closed on the path that closes"] = (Link(l => new BrokenLinks.ClosesOnThePath(l)), [("LINK-085", "the return of Abort while a callback blocks")]),
        ["forgets its failure"] = (Link(l => new BrokenLinks.ForgetsItsFailure(l)), [("LINK-084", "to keep its first failure"), ("LINK-080", "ReferenceEquals")]),
        ["throws on a second disposal of a link"] = (Link(l => new BrokenLinks.DisposesOnce(l)), [("LINK-075", "ObjectDisposedException"), ("LINK-076", "ObjectDisposedException")]),
        ["aborts instead of completing"] = (Link(l => new BrokenLinks.CompletesAsAbort(l)), [("LINK-070", "AudioLinkException"), ("LINK-074", "AudioLinkException"), ("LINK-054", "AudioLinkException"), ("LINK-073", "AudioLinkException"), ("FAULT-023", "InvalidOperationException from a horizon granted after completion")]),
        ["loses the last bytes at disposal"] = (Channel(c => new BrokenChannels.LosesItsTail(c)), [("XPRT-051", "TransportException: The peer aborted"), ("CTRL-023", "TransportException: The peer aborted"), ("XPRT-059", "TransportException: The peer aborted")]),
        ["never fires Closed of a channel"] = (Channel(c => new BrokenChannels.NeverCloses(c)), [("XPRT-053", "far.Closed to fire"), ("XPRT-054", "the callbacks of Closed"), ("XPRT-041", "near.Closed to fire"), ("XPRT-062", "near.Closed to fire"), ("CTRL-022", "the end of the asked end's loop"), ("CTRL-025", "Closed to fire"), ("FAULT-008", "the end of a channel that nobody accepted")]),
        ["mistakes a channel's purpose"] = (Channel(c => new BrokenChannels.MistakesPurpose(c)), [("XPRT-031", "(Events, Events)"), ("XPRT-038", "the purpose of channel"), ("XPRT-030", "to be Control; it is Media")]),
        ["shares one window among channels"] = (Window, [("XPRT-056", "to complete; it was still missing"), ("XPRT-042", "to complete; it was still missing"), ("FAULT-004", "bytes (0 are there)")]),
        ["buffers without bound"] = (Channel(c => new WrappedChannel(c, w => c.Purpose == ChannelPurpose.Control ? w : new BrokenChannels.NeverWaits(w))), [("XPRT-055", "that nobody reads; none did"), ("XPRT-058", "that nobody reads; none did")]),
        ["flips a bit of a channel"] = (Channel(c => new WrappedChannel(c, w => new BrokenChannels.FlipsABit(w))), [("XPRT-050", "differs"), ("CTRL-005", ""), ("XPRT-052", "differs"), ("XPRT-060", "differs")]),
        ["leaks a buffer"] = (Connection((c, pool) => new BrokenConnections.Leaks(c, pool)), [("RES-001", "the return of every rented buffer"), ("RES-004", "the number of rented buffers"), ("LINK-062", "the return of every rented buffer")]),
        ["leaks a buffer with each channel"] = (Connection((c, pool) => new WrappedConnection(c, channel => new BrokenChannels.Leaks(channel, pool))), [("RES-005", "the number of rented buffers")]),
        ["claims mutual TLS"] = (Connection((c, _) => new BrokenConnections.ClaimsTls(c)), [("XPRT-002", "to be SameMachine; it is MutualTls")]),
        ["blocks in Abort"] = (Connection((c, _) => new BrokenConnections.BlocksInAbort(c)), [("XPRT-043", "the return of Abort while a callback blocks")]),
        ["splits a connection's channels among peers"] = (Split, [("XPRT-039", "a channel at the peer of its own connection")]),
        ["accepts after disposal"] = ((t, _) => new BrokenConnections.NeverStops(t), [("XPRT-021", "the end of a pending accept"), ("XPRT-024", "Somebody listens"), ("FAULT-007", "a connection that nobody accepted"), ("FAULT-006", "a connection that nobody accepted")]),
        ["classifies no error"] = ((t, _) => new BrokenConnections.KnowsNoError(t), [("XPRT-004", "to be Unreachable; it is Unknown"), ("XPRT-006", "to be BadEndPoint; it is Unknown")]),
        ["connects though cancelled"] = ((t, _) => new BrokenConnections.IgnoresConnectToken(t), [("XPRT-008", "OperationCanceledException from")]),
        ["remembers every connection"] = (Remember, [("RES-006", "the number of ends kept")]),
        ["leaves the last block of a flush for the next"] = (Link(l => new BrokenLinks.SplitsAFlush(l)), [("LINK-010", "the number of blocks that one receive hands over")]),
        ["throws at a credit or horizon it should ignore"] = (Link(l => new BrokenLinks.RefusesSmallerCredit(l)), [("LINK-022", "ArgumentOutOfRangeException")]),
        ["tells no horizon before a stream is open"] = (Link(l => new BrokenLinks.NeedsAStream(l)), [("LINK-026", "a horizon")]),
        ["opens any stream"] = (Link(l => new BrokenLinks.OpensAnyStream(l)), [("LINK-032", "ArgumentOutOfRangeException from"), ("LINK-041", "AudioChannels = 0")]),
        ["closes streams for ever, and only what is open"] = (Link(l => new BrokenLinks.ClosesForEver(l)), [("LINK-035", "Stream 7 is closed"), ("LINK-036", "Stream 12345 is not open")]),
        ["receives without a receiver"] = (Link(l => new BrokenLinks.NeedsNoReceiver(l)), [("LINK-043", "ArgumentNullException from ReceiveAsync without a receiver; nothing")]),
        ["waits without a receiver"] = (Link(l => new BrokenLinks.WaitsForNobody(l)), [("LINK-043", "the refusal of ReceiveAsync without a receiver to complete")]),
        ["lets a second receive wait"] = (Link(l => new BrokenLinks.QueuesReceives(l)), [("LINK-044", "the refusal of a second ReceiveAsync")]),
        ["receives in one way only"] = (Link(l => new BrokenLinks.ReceivesOneWay(l)), [("LINK-055", "received from with ReceiveAsync")]),
        ["calls a receiver when its receive is over"] = (Late, [("LINK-057", "CallsOutside")]),
        ["forgets how it waits"] = (Link(l => new BrokenLinks.ForgetsHowItWaits(l)), [("LINK-058", "whether the ends wait at the network, failed, to be (True, True)")]),
        ["is woken where it claims to wait"] = (Link(l => new BrokenLinks.ClaimsToWait(l)), [("LINK-059", "pieces of work done by the pool for 100 arrivals")]),
        ["breaks with a cancelled flush"] = (Link(l => new BrokenLinks.BreaksWithAFlush(l)), [("LINK-063", "A flush was cancelled"), ("FAULT-020", "A flush was cancelled")]),
        ["sends a little late"] = (Channel(c => new WrappedChannel(c, w => new BrokenChannels.SendsALittleLate(w))), [("CTRL-001", "500 answers"), ("CTRL-003", "deploy"), ("CTRL-004", "deploy"), ("CTRL-007", "the first command at the handler"), ("CTRL-020", "the answer after a late one"), ("CTRL-021", "other to complete"), ("CTRL-024", "an envelope")]),
        ["lets one write overtake another"] = (Channel(c => new WrappedChannel(c, w => new BrokenChannels.Overtakes(w))), [("CTRL-002", "what reached the handler"), ("CTRL-006", "of seen")]),
        ["hides the end of a channel"] = (Channel(c => new WrappedChannel(c, wrapInput: r => new BrokenChannels.HidesTheEnd(r))), [("CTRL-026", "the end of the asked end's loop"), ("XPRT-040", "the end of the channel")]),
        ["loses a byte after a cancelled read"] = (Channel(c => new WrappedChannel(c, wrapInput: r => new BrokenChannels.LosesAfterCancelledRead(r))), [("XPRT-057", "100 bytes (99 are there)")]),
        ["forgets what was examined"] = (Channel(c => new WrappedChannel(c, wrapInput: r => new BrokenChannels.ForgetsWhatWasExamined(r))), [("XPRT-061", "the number of bytes that arrived")]),
        ["invents a peer"] = (Connection((c, _) => new BrokenConnections.InventsAPeer(c)), [("XPRT-003", "a fingerprint at the connecting end")]),
        ["mistakes its peer's endpoint"] = (Connection((c, _) => new BrokenConnections.MistakesItsPeer(c)), [("XPRT-011", "elsewhere")]),
        ["opens a channel for any purpose"] = (Connection((c, _) => new BrokenConnections.OpensAnyChannel(c)), [("XPRT-032", "opening a channel for Control; nothing")]),
        ["opens links from one end only"] = (Connection((c, _) => new BrokenConnections.OpensLinksFromOneEnd(c)), [("XPRT-033", "This end accepted")]),
        ["shows a channel once something has come"] = (Connection((c, _) => new BrokenConnections.ShowsChannelsLate(c)), [("XPRT-034", "AcceptChannelAsync")]),
        ["loses a channel after a cancelled accept"] = (Connection((c, _) => new BrokenConnections.LosesCancelledAccept(c)), [("XPRT-035", "AcceptChannelAsync")]),
        ["accepts channels for ever"] = (Connection((c, _) => new BrokenConnections.AcceptsForEver(c)), [("XPRT-037", "the end of a pending accept of channels")]),
        ["ends a connection as a reset"] = (Connection((c, _) => new BrokenConnections.EndsAsReset(c)), [("XPRT-040", "TransportException: The peer aborted")]),
        ["never fires Closed of a connection"] = (Connection((c, _) => new BrokenConnections.NeverCloses(c)), [("FAULT-003", "near.Closed to fire"), ("FAULT-005", "near.Closed to fire"), ("XPRT-045", "far.Closed to fire")]),
        ["forgets who ended it"] = (Connection((c, _) => new BrokenConnections.ForgetsItsCause(c)), [("FAULT-003", "Aborted or PeerReset; it is Unknown"), ("XPRT-045", "to be Aborted; it is Unknown")]),
        ["shows a peer's abort as disposal"] = (Connection((c, _) => new BrokenConnections.OpensIntoTheEnd(c)), [("FAULT-005", "a channel or TransportException")]),
        ["aborts all connections at once"] = (Together, [("XPRT-046", "TransportException")]),
        ["opens though cancelled"] = (Connection((c, _) => new BrokenConnections.IgnoresOpenToken(c)), [("XPRT-036", "OperationCanceledException from")]),
        ["throws on a second disposal of a connection"] = (Connection((c, _) => new BrokenConnections.DisposesOnce(c)), [("XPRT-044", "ObjectDisposedException")]),
        ["refuses no call"] = (Link(l => new BrokenLinks.RefusesNothing(l)), [("LINK-031", "InvalidOperationException from"), ("LINK-040", "ArgumentOutOfRangeException from"), ("LINK-042", "InvalidOperationException from"), ("LINK-061", "a call beside a pending flush; none")]),
        ["takes everything and sends nothing"] = (Link(l => new BrokenLinks.NeverWaits(l)), [("LINK-064", "that nobody reads; none did")]),
        ["sends or receives, never both"] = (Link(l => new BrokenLinks.SharesAGate(l, new SemaphoreSlim(1), alsoReceives: true)), [("LINK-056", "FlushAsync")]),
        ["shares one gate among links"] = (Gate, [("LINK-065", "the arrival of 1 blocks"), ("LINK-066", "the arrival of 1 blocks")]),
        ["aborts all links at once"] = (Linked, [("LINK-087", "AudioLinkException: This side aborted")]),
        ["disposes a link as an abort"] = (Link(l => new BrokenLinks.DisposesAsAbort(l)), [("LINK-071", "AudioLinkException: The peer aborted")]),
        ["loses a block"] = (Link(l => new BrokenLinks.LosesABlock(l)), [("LINK-072", "the number of blocks that arrived")]),
        ["denies its disposal"] = (Link(l => new BrokenLinks.DeniesDisposal(l)), [("LINK-075", "InvalidDataException"), ("LINK-077", "InvalidDataException")]),
        ["shouts its scheme"] = ((t, _) => new BrokenListeners.Shouts(t), [("XPRT-001", "MEMORY")]),
        ["listens elsewhere"] = ((t, _) => new BrokenListeners.ListensElsewhere(t), [("XPRT-005", "listening at an endpoint in use; nothing"), ("XPRT-007", "scene.Transport.ListenAsync(null!")]),
        ["listens once"] = ((t, _) => new BrokenListeners.ListensOnce(t), [("XPRT-025", "two listeners to have two endpoints")]),
        ["goes on when disposed"] = ((t, _) => new BrokenListeners.OutlivesDisposal(t), [("XPRT-012", "a disposed transport not to connect; nothing")]),
        ["hides its port"] = ((t, _) => new BrokenListeners.HidesItsPort(t), [("XPRT-020", "the real port"), ("XPRT-007", "scene.Transport.ConnectAsync(null!")]),
        ["shows a connection once its client has spoken"] = (Listener(l => new BrokenListeners.ShowsClientsLate(l)), [("XPRT-009", "accepting to complete")]),
        ["gives a connection twice"] = (Listener(l => new BrokenListeners.GivesTwice(l)), [("XPRT-010", "bytes (0 are there)")]),
        ["loses a connection after a cancelled accept"] = (Listener(l => new BrokenListeners.LosesCancelledAccept(l)), [("XPRT-023", "accepting to complete")]),
        ["takes its connections along"] = (Listener(l => new BrokenListeners.TakesClientsAlong(l)), [("XPRT-022", "TransportException")]),
    };

    /// <summary>The cases that catch something here.</summary>
    public static IEnumerable<string> CaughtCaseIds => All.Values.SelectMany(broken => broken.Caught).Select(caught => caught.CaseId);

    /// <summary>Rows of flaw, case, words.</summary>
    public static TheoryData<string, string, string> Rows(bool alone, params string[] groups)
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var (name, (_, caught)) in All)
        {
            foreach (var (caseId, says) in caught.Where(c => groups.Contains(c.CaseId.Split('-')[0]) && TransportSuite.Cases.Single(s => s.Id == c.CaseId).RunsAlone == alone))
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

    private static Func<IClusterTransport, MemoryPool<byte>, IClusterTransport> Listener(Func<IClusterListener, IClusterListener> flaw) =>
        (transport, _) => new BrokenListeners.Replaces(transport, flaw);

    private static WrappedTransport Late(IClusterTransport transport, MemoryPool<byte> pool)
    {
        var late = new List<Action>();
        return new WrappedTransport(transport, connection => new WrappedConnection(connection, wrapLink: link => new BrokenLinks.CallsAfterwards(link, late)));
    }

    private static WrappedTransport Together(IClusterTransport transport, MemoryPool<byte> pool)
    {
        var all = new List<IClusterConnection>();
        return new WrappedTransport(transport, connection => new BrokenConnections.AbortsOthers(connection, all));
    }

    private static WrappedTransport Gate(IClusterTransport transport, MemoryPool<byte> pool)
    {
        var gate = new SemaphoreSlim(1);
        return new WrappedTransport(transport, connection => new WrappedConnection(connection, wrapLink: link => new BrokenLinks.SharesAGate(link, gate)));
    }

    private static WrappedTransport Linked(IClusterTransport transport, MemoryPool<byte> pool)
    {
        var (nears, fars) = (new List<IAudioLink>(), new List<IAudioLink>());
        return new WrappedTransport(transport, connection => new WrappedConnection(
            connection, wrapLink: link => new BrokenLinks.AbortsOthers(link, connection.RemoteEndPoint.Host == "case" ? nears : fars)));
    }

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
