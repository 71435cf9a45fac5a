using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Links;

/// <summary>Flushing, and what happens when the peer does not read.</summary>
internal static class LinkFlushCases
{
    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("LINK-060", "A cancelled flush still delivers what was written, once.", "IAudioLink.FlushAsync", CancelledAsync),
        TransportCase.On("LINK-061", "Sending, granting and flushing are refused while a flush is pending.", "IAudioLink.TrySend, Grant, GrantHorizon", PendingAsync),
        TransportCase.On("LINK-062", "A flush of nothing completes.", "IAudioLink.FlushAsync", EmptyAsync),
        TransportCase.On("LINK-063", "What a flush was to send whose token had fired before leaves with the next, once.", "IAudioLink.FlushAsync", CancelledBeforeAsync),
        TransportCase.On("LINK-064", "A peer that does not read makes the flush wait, with bounded memory.", "IAudioLink.FlushAsync", BoundedAsync),
        TransportCase.On("LINK-065", "A stalled direction does not stop the other.", "IAudioLink: Credit", StalledDirectionAsync),
        TransportCase.On("LINK-066", "A stalled link does not stop another of the same connection.", "IAudioLink: Credit", StalledLinkAsync),
    ];

    private static async Task CancelledAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(long.MaxValue, TestAudio.Wide);
        var (sent, _) = await SendUntilCancelledAsync(scene, near);
        Expect.True(near.TrySend(7, sent * 8192, TestAudio.Noise(16384)));
        var last = near.FlushAsync(scene.Token).AsTask();
        var blocks = await scene.ReceiveAsync(far, (int)sent + 1);
        foreach (var block in blocks)
        {
            Expect.True(block.Samples.AsSpan().SequenceEqual(TestAudio.Noise(16384)), "the samples that were sent");
        }

        await scene.Wait.For(last);
        await ExpectNothingMoreAsync(scene, near, far);
    }

    private static async Task PendingAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(long.MaxValue, TestAudio.Wide);
        var (sent, refusals) = await SendUntilCancelledAsync(scene, near);
        Expect.True(refusals > 0, "InvalidOperationException from a call beside a pending flush", "none was thrown");
        await scene.ReceiveAsync(far, (int)sent);
    }

    private static async Task EmptyAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, TestAudio.Stereo);
        await scene.Wait.For(near.FlushAsync(scene.Token));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        await ExpectNothingMoreAsync(scene, near, far);
    }

    private static async Task CancelledBeforeAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, TestAudio.Stereo);
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(4)));
        var thrown = await Expect.CatchAsync(scene.Wait.For(Calling.Async(() => near.FlushAsync(new CancellationToken(canceled: true)))));
        Expect.True(thrown is null or OperationCanceledException, "OperationCanceledException or none", $"{thrown?.GetType().Name} was thrown");
        Expect.True(near.TrySend(7, 1002, TestAudio.Noise(4)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        Expect.Sequence([1000L, 1002L], (await scene.ReceiveAsync(far, 2)).Select(b => b.Header.StartFrame), "the start frames");
    }

    private static async Task BoundedAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(long.MaxValue, TestAudio.Wide);
        await SendUntilCancelledAsync(scene, near);
        Expect.AtMost(2 * scene.Subject.BufferLimit, scene.Pool.MostOutstandingBytes, "the number of bytes rented while nobody reads");
        near.Abort("test");
        await scene.HearResetAsync(far);
    }

    private static async Task StalledDirectionAsync(TransportScene scene)
    {
        var there = TestAudio.Wide with { Id = 1 };
        var back = TestAudio.Wide with { Id = 2 };
        var (near, far) = await scene.LinkAsync(long.MaxValue, there);
        far.OpenStream(back, StreamDirection.Send);
        near.OpenStream(back, StreamDirection.Receive);
        near.Grant(2, long.MaxValue);
        await scene.Wait.For(near.FlushAsync(scene.Token));
        while (!far.TrySend(2, 0, TestAudio.Noise(16384)))
        {
            await scene.HearAsync(far, h => h.Credits.Count > 0, "a credit");
        }

        // Far never reads from here on, so near's sending stalls; what far sends must still arrive.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(scene.Token);
        var sent = 0;
        var stalled = Task.Run(() => SendForeverAsync(near, 1, () => Interlocked.Increment(ref sent), stop.Token));
        var seen = 0;

        // Many, all of them while near gets nowhere: it has begun, and stands.
        for (int i = 1, unmoved = 0; unmoved < 200; i++)
        {
            var before = seen;
            seen = Volatile.Read(ref sent);
            unmoved = seen > 0 && seen == before ? unmoved + 1 : 0;
            Expect.True(seen < 10_000, "sending to a peer that does not read to stall", $"{seen} blocks were sent");
            var flushing = far.FlushAsync(scene.Token).AsTask();
            await scene.ReceiveAsync(near, 1);
            await scene.Wait.For(flushing);
            Expect.True(far.TrySend(2, i * 8192L, TestAudio.Noise(16384)));
        }

        Expect.False(stalled.IsCompleted);
        await stop.CancelAsync();
        await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(stalled));
        Abandon(near);
    }

    private static async Task StalledLinkAsync(TransportScene scene)
    {
        var (near, _) = await scene.LinkAsync(long.MaxValue, TestAudio.Wide);
        var (other, otherFar) = await scene.LinkAsync(long.MaxValue, TestAudio.Wide);
        await SendUntilCancelledAsync(scene, near);
        for (var i = 0; i < 100; i++)
        {
            Expect.True(other.TrySend(7, i * 8192L, TestAudio.Noise(16384)));
            var flushing = other.FlushAsync(scene.Token).AsTask();
            await scene.ReceiveAsync(otherFar, 1);
            await scene.Wait.For(flushing);
        }

        Abandon(near);
    }

    /// <summary>Ends a link whose peer never reads: disposal would grant that peer all the time it has to read what is under way.</summary>
    private static void Abandon(IAudioLink stalled) => stalled.Abort("The peer does not read.");

    /// <summary>Sends blocks that nobody reads until a flush has been pending and was cancelled.</summary>
    /// <returns>The blocks sent, and how many calls beside a pending flush were refused.</returns>
    private static async Task<(long Sent, int Refusals)> SendUntilCancelledAsync(TransportScene scene, IAudioLink near)
    {
        var block = TestAudio.Noise(16384);
        var refusals = 0;
        for (long sent = 0; sent * block.Length * sizeof(float) <= scene.Subject.BufferLimit;)
        {
            Expect.True(near.TrySend(7, sent * 8192, block));
            sent++;
            using var own = new CancellationTokenSource();
            var flushing = near.FlushAsync(own.Token).AsTask();
            if (!flushing.IsCompleted)
            {
                refusals += IsRefused(() => near.TrySend(7, long.MaxValue, block)) ? 1 : 0;
                refusals += IsRefused(() => near.GrantHorizon(-1)) ? 1 : 0;
            }

            await own.CancelAsync();
            switch (await Expect.CatchAsync(scene.Wait.For(flushing, "the end of a cancelled flush")))
            {
                case null:
                    continue;
                case OperationCanceledException:
                    return (sent, refusals);
                case { } other:
                    throw new UnmetException("OperationCanceledException from a cancelled flush", $"{other.GetType().Name} was thrown: {other.Message}", other);
            }
        }

        throw new UnmetException($"a flush to wait before {scene.Subject.BufferLimit} bytes are sent that nobody reads", "none did");
    }

    // The flush may complete at any moment, so a call that goes through or meets its own checks is no proof against it.
    private static bool IsRefused(Action call)
    {
        try
        {
            call();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task SendForeverAsync(IAudioLink link, int streamId, Action onSend, CancellationToken stop)
    {
        var block = TestAudio.Noise(16384);
        for (long position = 0; ; position += 8192)
        {
            Expect.True(link.TrySend(streamId, position, block));
            onSend();
            await link.FlushAsync(stop);
        }
    }

    private static async Task ExpectNothingMoreAsync(TransportScene scene, IAudioLink near, IAudioLink far)
    {
        await scene.Wait.For(near.CompleteAsync(scene.Token));
        Expect.Equal(0, (await scene.ReceiveToEndAsync(far)).Count, "the number of blocks beside those sent");
    }
}
