using System.Buffers;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;
using Loophole.Cluster.Transports;

namespace Loophole.Cluster.TestKit.Transports;

/// <summary>Clauses of <see cref="IClusterChannel"/>.</summary>
internal static class ChannelCases
{
    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("XPRT-050", "A channel carries every byte once and in order, whatever the sizes of writes.", "IClusterChannel", OrderAsync),
        TransportCase.On("XPRT-051", "A disposed channel is read to its end by the peer.", "IClusterChannel", DisposalDrainsAsync),
        TransportCase.On("XPRT-052", "Completing the output ends the peer's reads, and the other direction goes on.", "IClusterChannel", HalfCloseAsync),
        TransportCase.On("XPRT-053", "An aborted channel resets its peer, and nothing else.", "IClusterChannel.Abort", AbortAsync),
        TransportCase.On("XPRT-054", "Closed of a channel fires once at both ends, and a callback that blocks holds up nobody.", "IClusterChannel.Closed", CallbackAsync),
        TransportCase.On("XPRT-055", "A reader that does not read stops the writer, with bounded memory; it goes on when the reader does.", "IClusterChannel", BackPressureAsync),
        TransportCase.On("XPRT-056", "A stalled media channel stops neither audio, nor control, nor events.", "IClusterChannel", StalledMediaAsync),
        TransportCase.On("XPRT-057", "A cancelled read loses nothing.", "IClusterChannel", CancelledReadAsync),
        TransportCase.On("XPRT-058", "A cancelled flush still delivers, once.", "IClusterChannel", CancelledFlushAsync),
        TransportCase.On("XPRT-059", "Disposal is idempotent, and an abort after it does nothing.", "IClusterChannel", DisposedTwiceAsync),
        TransportCase.On("XPRT-060", "Both directions of a channel flow at once.", "IClusterChannel", BothWaysAsync),
        TransportCase.On("XPRT-061", "A reader may leave bytes examined and unconsumed, and sees them again with more.", "IClusterChannel", ExaminedAsync),
        TransportCase.On("XPRT-062", "A channel that is lost fails its reads and writes with the channel's error, never as a cancellation.", "TransportException", LostIsNotCancelledAsync),
    ];

    private static async Task OrderAsync(TransportScene scene)
    {
        const int Seed = 50;
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.State);
        var bytes = TestBytes.Of(3_000_000, Seed);
        var writing = Task.Run(async () =>
        {
            var random = new Random(Seed);
            for (var start = 0; start < bytes.Length;)
            {
                var length = Math.Min(bytes.Length - start, random.Next(4) == 0 ? random.Next(1, 100_000) : random.Next(1, 200));
                await near.Output.WriteAsync(bytes.AsMemory(start, length), scene.Token);
                start += length;
            }
        });
        TestBytes.ExpectSame(bytes, await TestBytes.ReadAsync(scene, far, bytes.Length));
        await scene.Wait.For(writing);
    }

    private static async Task DisposalDrainsAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.Media);
        var bytes = TestBytes.Of(300_000, 4);
        await scene.Wait.For(near.Output.WriteAsync(bytes, scene.Token).AsTask());
        var disposing = near.DisposeAsync().AsTask();
        await scene.Wait.For(near.Closed);
        TestBytes.ExpectSame(bytes, await TestBytes.ReadToEndAsync(scene, far));
        await scene.Wait.For(far.DisposeAsync());
        await scene.Wait.For(disposing);
    }

    private static async Task HalfCloseAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.State);
        var bytes = TestBytes.Of(10_000, 6);
        await scene.Wait.For(near.Output.WriteAsync(bytes, scene.Token).AsTask());
        await scene.Wait.For(near.Output.CompleteAsync());
        TestBytes.ExpectSame(bytes, await TestBytes.ReadToEndAsync(scene, far));
        await TestBytes.SendAsync(scene, far, near, 10_000);
        await scene.Wait.For(far.Output.CompleteAsync());
        Expect.Equal(0, (await TestBytes.ReadToEndAsync(scene, near)).Length, "the number of bytes after the end");
    }

    private static async Task AbortAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.State);
        var reading = far.Input.ReadAsync(scene.Token).AsTask();
        near.Abort("test");
        near.Abort("again");
        Expect.Equal(TransportError.PeerReset, (await Expect.ThrowsAsync<TransportException>(scene.Wait.For(reading))).Error, "the error at the peer");
        await scene.Wait.For(far.Closed);
        await scene.Wait.For(near.Closed);
        var own = await Expect.ThrowsAsync<TransportException>(scene.Wait.For(Calling.Async(() => near.Input.ReadAsync(scene.Token))), "reading after the abort");
        Expect.Equal(TransportError.Aborted, own.Error, "the error at the end that aborted");
        Expect.Throws<TransportException>(() => near.Output.GetMemory(1), "writing after the abort");
        await TestBytes.RoundTripAsync(scene);
        Expect.False(scene.Far.Closed.IsCancellationRequested);
    }

    private static async Task CallbackAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.State);
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        foreach (var channel in (IClusterChannel[])[near, far])
        {
            channel.Closed.UnsafeRegister(
                _ =>
                {
                    if (Interlocked.Increment(ref calls) == 2)
                    {
                        entered.SetResult();
                    }

                    release.Wait(scene.Subject.TimeLimit);
                },
                null);
        }

        await scene.Wait.For(Task.Run(() => near.Abort("test")), "the return of Abort while a callback blocks");
        await scene.Wait.For(entered.Task, "the callbacks of Closed at both ends");
        await TestBytes.RoundTripAsync(scene);
        release.Set();
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
        Expect.Equal(2, calls, "the number of callbacks of Closed");
    }

    private static async Task BackPressureAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.Media);
        var (written, stuck) = await TestBytes.FillAsync(scene, near, scene.Token);
        Expect.AtMost(2 * scene.Subject.BufferLimit, scene.Pool.MostOutstandingBytes, "the number of bytes rented while nobody reads");
        await TestBytes.ReadAsync(scene, far, checked((int)written));
        await scene.Wait.For(stuck, "a write that waited for its reader");
        await TestBytes.SendAsync(scene, near, far, 1000);
    }

    private static async Task StalledMediaAsync(TransportScene scene)
    {
        var (media, _) = await scene.ChannelAsync(ChannelPurpose.Media);
        var (_, stuck) = await TestBytes.FillAsync(scene, media, scene.Token);
        var (link, linkFar) = await scene.LinkAsync(1 << 20, TestAudio.Stereo);
        for (var i = 0; i < 100; i++)
        {
            Expect.True(link.TrySend(7, 1000 + (i * 256L), TestAudio.Noise(512)));
            await scene.Wait.For(link.FlushAsync(scene.Token), "the flush of audio beside a stalled channel");
            await scene.ReceiveAsync(linkFar, 1);
        }

        var (events, eventsFar) = await scene.ChannelAsync(ChannelPurpose.Events);
        await TestBytes.SendAsync(scene, events, eventsFar, 100_000);
        await TestBytes.SendAsync(scene, scene.Near.Control, scene.Far.Control, 100_000);
        scene.Near.Abort("test");
        await Expect.CatchAsync(scene.Wait.For(stuck, "the end of a write that was stuck"));
    }

    private static async Task CancelledReadAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.State);
        for (var round = 0; round < 10; round++)
        {
            using var own = new CancellationTokenSource();
            var reading = far.Input.ReadAsync(own.Token).AsTask();
            await own.CancelAsync();
            await Expect.ThrowsAsync<OperationCanceledException>(scene.Wait.For(reading));
            await TestBytes.SendAsync(scene, near, far, 100 + round);
        }
    }

    private static async Task CancelledFlushAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.Media);
        using var own = new CancellationTokenSource();
        var (written, stuck) = await TestBytes.FillAsync(scene, near, own.Token);
        await own.CancelAsync();
        var thrown = await Expect.CatchAsync(scene.Wait.For(stuck, "the end of a cancelled flush"));
        Expect.True(thrown is null or OperationCanceledException, "OperationCanceledException from a cancelled flush", $"{thrown?.GetType().Name} was thrown: {thrown?.Message}");
        var last = near.Output.WriteAsync(new byte[] { 1, 2, 3 }, scene.Token).AsTask();
        var got = await TestBytes.ReadAsync(scene, far, checked((int)written + 3));
        await scene.Wait.For(last, "the write after a cancelled flush");
        TestBytes.ExpectSame(new byte[] { 1, 2, 3 }, got.AsMemory(got.Length - 3));
        var piece = TestBytes.Of(64 * 1024, 1);
        for (var start = 0; start < written; start += piece.Length)
        {
            TestBytes.ExpectSame(piece, got.AsMemory(start, piece.Length));
        }
    }

    private static async Task DisposedTwiceAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.State);
        var disposing = near.DisposeAsync().AsTask();
        await TestBytes.ReadToEndAsync(scene, far);
        await scene.Wait.For(far.DisposeAsync());
        await scene.Wait.For(disposing);
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
        near.Abort("after disposal");
        far.Abort("after disposal");
        await TestBytes.RoundTripAsync(scene);
    }

    private static async Task BothWaysAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.State);
        await Task.WhenAll(TestBytes.SendAsync(scene, near, far, 4_000_000), TestBytes.SendAsync(scene, far, near, 4_000_001));
    }

    private static async Task ExaminedAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.State);
        await scene.Wait.For(near.Output.WriteAsync(new byte[] { 1, 2, 3 }, scene.Token).AsTask());
        long seen = 0;
        while (seen < 3)
        {
            var result = await scene.Wait.For(far.Input.ReadAsync(scene.Token));
            seen = result.Buffer.Length;
            far.Input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }

        var waiting = far.Input.ReadAsync(scene.Token).AsTask();
        await scene.Wait.For(near.Output.WriteAsync(new byte[] { 4 }, scene.Token).AsTask());
        var all = await scene.Wait.For(waiting, "a read after more was written");
        var got = new byte[all.Buffer.Length];
        all.Buffer.CopyTo(got);
        far.Input.AdvanceTo(all.Buffer.End);
        TestBytes.ExpectSame(new byte[] { 1, 2, 3, 4 }, got);
    }

    private static async Task LostIsNotCancelledAsync(TransportScene scene)
    {
        var (near, far) = await scene.ChannelAsync(ChannelPurpose.State);
        var reading = far.Input.ReadAsync(scene.Token).AsTask();
        scene.Near.Abort("test");
        Expect.Equal(TransportError.PeerReset, (await Expect.ThrowsAsync<TransportException>(scene.Wait.For(reading))).Error);
        await scene.Wait.For(near.Closed);
        await scene.Wait.For(far.Closed);
        foreach (var channel in (IClusterChannel[])[near, far])
        {
            await Expect.ThrowsAsync<TransportException>(scene.Wait.For(Calling.Async(() => channel.Output.WriteAsync(new byte[] { 1 }, scene.Token))), "writing to a lost channel");
            await Expect.ThrowsAsync<TransportException>(scene.Wait.For(Calling.Async(() => channel.Input.ReadAsync(scene.Token))), "reading from a lost channel");
        }
    }
}
