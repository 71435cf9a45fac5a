using System.Collections.Immutable;
using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Impairment;

/// <summary>What a transport over sockets owes when the network under it fails: cases FAULT-101 onward, run through an <see cref="ImpairmentRelay"/>.</summary>
public static class RelaySuite
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>The cases. [any]</summary>
    public static ImmutableArray<ConformanceCase<RelaySubject>> Cases { get; } =
    [
        On("FAULT-101", "Wherever the way to the peer is cut, both ends meet an error with a name, or everything has arrived.",
            "TransportError", (subject, token) => CutEverywhereAsync(subject, relay => relay.ToTarget, token), StreamsOnly),
        On("FAULT-102", "Wherever the way back is cut, both ends meet an error with a name, or everything has arrived.",
            "TransportError", (subject, token) => CutEverywhereAsync(subject, relay => relay.ToClient, token), StreamsOnly),
        On("FAULT-103", "A network that stands still and goes on has lost nothing.",
            "IAudioLink, Lossless", (subject, token) => RelayScene.RunAsync(subject, StallAsync, token)),
        On("FAULT-104", "In a black hole a reader's own deadline ends its wait, and the link is usable afterwards.",
            "IAudioLink.ReceiveAsync", (subject, token) => RelayScene.RunAsync(subject, BlackHoleAsync, token)),
        On("FAULT-105", "A reset in the middle of a block is PeerReset at both ends, and no part of the block is handed over.",
            "AudioLinkError.PeerReset", (subject, token) => RelayScene.RunAsync(subject, ResetInBlockAsync, token), StreamsOnly),
        On("FAULT-106", "A side that is not told of a lost connection can still dispose it in time.",
            "IClusterConnection", (subject, token) => RelayScene.RunAsync(subject, HalfOpenAsync, token), StreamsOnly),
        On("FAULT-107", "Connecting to a peer that takes bytes and never answers ends at the transport's own deadline as Unreachable.",
            "IClusterTransport.ConnectAsync", (subject, token) => RelayScene.RunAsync(subject, SilentPeerAsync, token)),
        On("FAULT-108", "Delay and jitter change no order and lose nothing.",
            "IAudioLink, Lossless", (subject, token) => RelayScene.RunAsync(subject, JitterAsync, token)),
    ];

    private static ConformanceCase<RelaySubject> On(
        string id, string title, string source, Func<RelaySubject, CancellationToken, Task> run, Func<RelaySubject, string?>? skipReason = null) =>
        new(id, title, source, run) { SkipReason = skipReason ?? (static _ => null) };

    private static string? StreamsOnly(RelaySubject subject) =>
        subject.Protocol == RelayProtocol.Udp ? "datagrams know no reset" : null;

    private static async Task CutEverywhereAsync(RelaySubject subject, Func<ImpairmentRelay, ImpairedLink> direction, CancellationToken token)
    {
        Expect.True(subject.CutStep > 0, "a positive CutStep", $"it is {subject.CutStep}");
        var whole = await CutAsync(subject, direction, long.MaxValue, token).ConfigureAwait(false);
        Expect.True(whole.Near is null && whole.Far is null, "an exchange without faults to end well", $"{whole.Near?.Message} {whole.Far?.Message}");
        for (long bytes = 1; bytes <= whole.Delivered; bytes += subject.CutStep)
        {
            try
            {
                var (near, far, delivered) = await CutAsync(subject, direction, bytes, token).ConfigureAwait(false);

                // In the last bytes nobody may be left to notice.
                Expect.True(near is not null || far is not null || delivered * 2 > whole.Delivered, "the cut to be noticed", "both ends got through");
            }
            catch (UnmetException unmet)
            {
                throw new UnmetException(unmet.Expected, $"after a cut at byte {bytes}: {unmet.Happened}", unmet);
            }
        }
    }

    private static async Task<(Exception? Near, Exception? Far, long Delivered)> CutAsync(
        RelaySubject subject, Func<ImpairmentRelay, ImpairedLink> direction, long bytes, CancellationToken token)
    {
        (Exception? Near, Exception? Far, long Delivered) result = default;
        await RelayScene.RunAsync(subject, async scene =>
        {
            var link = direction(scene.Relay);
            link.Run(new FaultScript(FaultStep.AfterBytes(bytes == long.MaxValue ? long.MaxValue / 2 : bytes, Fault.Cut)));
            var (near, far) = await new SmallExchange(scene.Transport, scene.Listener, scene.Remote, scene.Wait).RunAsync().ConfigureAwait(false);
            result = (near, far, link.BytesDelivered);
        }, token).ConfigureAwait(false);
        return result;
    }

    private static Task StallAsync(RelayScene scene) => scene.WithLinkAsync(async ends =>
    {
        await scene.Wait.For(ends.SendAsync(1), "the first block to leave").ConfigureAwait(false);
        await ends.HearAllAsync().ConfigureAwait(false);
        scene.Relay.ToTarget.Apply(Fault.Stall(TimeSpan.FromDays(1)));
        var (taken, delivered) = (scene.Relay.ToTarget.BytesTaken, scene.Relay.ToTarget.BytesDelivered);
        var sending = ends.SendAsync(200);
        var hearing = ends.HearAllAsync();
        await scene.Wait.For(scene.Relay.ToTarget.WaitUntilTakenAsync(taken + 1, scene.Wait.Token), "bytes that stand still").ConfigureAwait(false);
        if (scene.Subject.Protocol == RelayProtocol.Tcp)
        {
            // A datagram may have been on the last stretch when the stall began.
            Expect.Equal(delivered, scene.Relay.ToTarget.BytesDelivered, "the bytes delivered while the network stands still");
        }

        scene.Relay.ToTarget.Apply(Fault.Resume);
        await hearing.ConfigureAwait(false);
        await scene.Wait.For(sending, "all blocks to leave").ConfigureAwait(false);
    });

    private static Task BlackHoleAsync(RelayScene scene) => scene.WithLinkAsync(async ends =>
    {
        scene.Relay.ToTarget.Apply(Fault.BlackHole);
        var sending = ends.SendAsync(1);
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        var nobody = new NoReceiver();
        await Expect.ThrowsAsync<OperationCanceledException>(
            scene.Wait.For(ends.Receiving.ReceiveAsync(nobody, deadline.Token), "the reader's deadline to end its wait")).ConfigureAwait(false);
        Expect.Null(ends.Receiving.Failure);
        scene.Relay.ToTarget.Apply(Fault.Resume);
        await ends.HearAllAsync().ConfigureAwait(false);
        await scene.Wait.For(sending, "the block to leave").ConfigureAwait(false);
    });

    private static Task ResetInBlockAsync(RelayScene scene) => scene.WithLinkAsync(async ends =>
    {
        await scene.Wait.For(ends.SendAsync(1), "the first block to leave").ConfigureAwait(false);
        await ends.HearAllAsync().ConfigureAwait(false);
        scene.Relay.ToTarget.Run(new FaultScript(FaultStep.AfterBytes(1000, Fault.Cut)));
        await Expect.CatchAsync(scene.Wait.For(ends.SendAsync(1), "the second block to leave")).ConfigureAwait(false);
        var failure = await ends.HearFailureAsync().ConfigureAwait(false);
        Expect.Equal(AudioLinkError.PeerReset, Expect.NotNull(failure).Error, "the receiver's error");
        await scene.Wait.For(ends.Sending.Closed, "the sender's link").ConfigureAwait(false);
        Expect.Equal(AudioLinkError.PeerReset, Expect.NotNull(ends.Sending.Failure).Error, "the sender's error");
        await scene.Wait.For(ends.Near.Closed, "the connecting side's connection").ConfigureAwait(false);
        await scene.Wait.For(ends.Far.Closed, "the accepting side's connection").ConfigureAwait(false);
    });

    private static Task HalfOpenAsync(RelayScene scene) => scene.WithLinkAsync(async ends =>
    {
        scene.Relay.ToTarget.Apply(Fault.HalfOpen);
        await scene.Wait.For(ends.Near.Closed, "the side that is told").ConfigureAwait(false);
        using var deadline = new CancellationTokenSource(Patience, TimeProvider.System);
        await Expect.ThrowsAsync<OperationCanceledException>(
            scene.Wait.For(ends.Receiving.ReceiveAsync(new NoReceiver(), deadline.Token), "the reader's deadline to end its wait")).ConfigureAwait(false);
        await scene.Wait.For(ends.Far.DisposeAsync(), "the disposal of the side that is not told").ConfigureAwait(false);
    });

    private static async Task SilentPeerAsync(RelayScene scene)
    {
        scene.Relay.ToClient.Apply(Fault.BlackHole);
        var lost = await Expect.ThrowsAsync<TransportException>(
            scene.Wait.For(scene.Transport.ConnectAsync(scene.Remote, scene.Wait.Token), "the deadline of connecting")).ConfigureAwait(false);
        Expect.Equal(TransportError.Unreachable, lost.Error, "the error");
    }

    private static Task JitterAsync(RelayScene scene) => scene.WithLinkAsync(async ends =>
    {
        scene.Relay.ToTarget.Conditions = new LinkConditions
        {
            Delay = DelayDistribution.Uniform(TimeSpan.Zero, TimeSpan.FromMilliseconds(3)).WithSpikes(0.01, TimeSpan.FromMilliseconds(20)),
            BytesPerSecond = 10_000_000,
        };
        var sending = ends.SendAsync(100);
        await ends.HearAllAsync().ConfigureAwait(false);
        await scene.Wait.For(sending, "all blocks to leave").ConfigureAwait(false);
    });

    private sealed class NoReceiver : IAudioLinkReceiver
    {
        public void OnBlock(in AudioBlock block)
        {
        }

        public void OnCredit(int streamId, long limitFrame)
        {
        }

        public void OnHorizon(long horizonFrame)
        {
        }
    }
}
