using Loophole.Cluster.Links;
using Loophole.Cluster.TestKit.Checks;
using Loophole.Cluster.TestKit.Scenes;

namespace Loophole.Cluster.TestKit.Links;

/// <summary>Completion and disposal: ends in good order.</summary>
internal static class LinkEndCases
{
    private static readonly AudioStream Stereo = TestAudio.Stereo;

    public static ConformanceCase<TransportSubject>[] All { get; } =
    [
        TransportCase.On("LINK-070", "What was sent before completion is read to its end.", "IAudioLink.CompleteAsync", CompletionDrainsAsync),
        TransportCase.On("LINK-071", "Disposal with unread bytes from the peer loses nothing that was sent.", "IAudioLink: Lossless", DisposalWithUnreadBytesAsync),
        TransportCase.On("LINK-072", "Disposal after more than all buffers hold loses nothing that was sent.", "IAudioLink: Lossless", LargeDisposalAsync),
        TransportCase.On("LINK-073", "Completion is one way: the other direction goes on.", "IAudioLink.CompleteAsync", OneWayAsync),
        TransportCase.On("LINK-074", "Completion flushes first.", "IAudioLink.CompleteAsync", CompletionFlushesAsync),
        TransportCase.On("LINK-075", "A disposed link throws ObjectDisposedException from then on, and wakes a pending receive.", "IAudioLink", DisposedAsync),
        TransportCase.On("LINK-076", "Disposal is idempotent, from many threads at once.", "IAudioLink", DisposedAtOnceAsync),
        TransportCase.On("LINK-077", "Ends may be disposed at any moment of traffic.", "IAudioLink", DisposedInTrafficAsync),
        TransportCase.On("LINK-078", "Closed fires with disposal; a link that ended in good order has no failure.", "IAudioLink.Closed, Failure", ClosedInOrderAsync),
    ];

    private static async Task CompletionDrainsAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(100_000, Stereo);
        for (var i = 0; i < 100; i++)
        {
            Expect.True(near.TrySend(7, 1000 + (i * 32), TestAudio.Noise(64)));
        }

        await scene.Wait.For(near.CompleteAsync(scene.Token));
        await scene.Wait.For(near.CompleteAsync(scene.Token));
        Expect.Throws<InvalidOperationException>(() => near.TrySend(7, 4200, TestAudio.Noise(64)));
        var disposing = near.DisposeAsync().AsTask();
        Expect.Equal(100, (await scene.ReceiveToEndAsync(far)).Count, "the number of blocks that arrived");
        Expect.False(await scene.Wait.For(far.ReceiveAsync(new BlockRecorder(), scene.Token)));
        Expect.Null(far.Failure);
        await scene.Wait.For(far.CompleteAsync(scene.Token));
        await scene.Wait.For(disposing);
    }

    private static async Task DisposalWithUnreadBytesAsync(TransportScene scene)
    {
        const int Blocks = 40;
        var (near, far) = await scene.LinkAsync(long.MaxValue, Stereo);
        far.GrantHorizon(1);
        await scene.Wait.For(far.FlushAsync(scene.Token));
        for (var i = 0; i < Blocks; i++)
        {
            Expect.True(near.TrySend(7, 1000 + (i * 256L), TestAudio.Noise(512)));
        }

        // Small enough for any transport to take before anybody reads.
        await scene.Wait.For(near.CompleteAsync(scene.Token));
        var disposing = near.DisposeAsync().AsTask();
        await scene.Wait.For(near.Closed);
        for (var horizon = 2; horizon < 5; horizon++)
        {
            far.GrantHorizon(horizon);
            await scene.Wait.For(far.FlushAsync(scene.Token));
        }

        Expect.Equal(Blocks, (await scene.ReceiveToEndAsync(far)).Count, "the number of blocks that arrived");
        await scene.Wait.For(far.DisposeAsync());
        await scene.Wait.For(disposing);
    }

    private static async Task LargeDisposalAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(long.MaxValue, TestAudio.Wide);
        var blocks = (int)Math.Max(40, scene.Subject.BufferLimit / 2 / (16384 * sizeof(float)));
        var ending = Task.Run(async () =>
        {
            var block = TestAudio.Noise(16384);
            for (var i = 0; i < blocks; i++)
            {
                Expect.True(near.TrySend(7, i * 8192L, block));
                await near.FlushAsync(scene.Token);
            }

            await near.CompleteAsync(scene.Token);
            await near.DisposeAsync();
        });
        var counter = new BlockCounter();
        for (var horizon = 1; await scene.Wait.For(far.ReceiveAsync(counter, scene.Token), $"the end of the link ({counter.Blocks} of {blocks} blocks are there)"); horizon++)
        {
            // Bytes that stand unread at the end that goes away.
            far.GrantHorizon(horizon);
            await scene.Wait.For(far.FlushAsync(scene.Token));
        }

        Expect.Equal(blocks, counter.Blocks, "the number of blocks that arrived");
        await scene.Wait.For(far.DisposeAsync());
        await scene.Wait.For(ending);
    }

    private static async Task OneWayAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        await scene.Wait.For(far.CompleteAsync(scene.Token));
        Expect.False(await scene.Wait.For(near.ReceiveAsync(new BlockRecorder(), scene.Token)));
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(64)));
        await scene.Wait.For(near.FlushAsync(scene.Token));
        await scene.ReceiveAsync(far, 1);
    }

    private static async Task CompletionFlushesAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Expect.True(near.TrySend(7, 1000, TestAudio.Noise(64)));
        near.GrantHorizon(9);
        await scene.Wait.For(near.CompleteAsync(scene.Token));
        var heard = await scene.HearAsync(far, h => h.Horizons.Count > 0, "a horizon");
        Expect.Equal(1, heard.Blocks.Count, "the number of blocks before the end");
        Expect.False(await scene.Wait.For(far.ReceiveAsync(heard, scene.Token)));
    }

    private static async Task DisposedAsync(TransportScene scene)
    {
        var (_, far) = await scene.LinkAsync(5000, Stereo);
        var waiting = far.ReceiveAsync(new BlockRecorder(), scene.Token).AsTask();
        await scene.Wait.For(far.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
        await Expect.ThrowsAsync<ObjectDisposedException>(scene.Wait.For(waiting));
        Expect.Throws<ObjectDisposedException>(() => far.Grant(7, 9000));
        Expect.Throws<ObjectDisposedException>(() => far.GrantHorizon(1));
        Expect.Throws<ObjectDisposedException>(() => far.TrySend(7, 1000, TestAudio.Noise(64)));
        Expect.Throws<ObjectDisposedException>(() => far.OpenStream(Stereo with { Id = 1 }, StreamDirection.Send));
        await Expect.ThrowsAsync<ObjectDisposedException>(scene.Wait.For(Calling.Async(() => far.FlushAsync(scene.Token))));
        await Expect.ThrowsAsync<ObjectDisposedException>(scene.Wait.For(Calling.Async(() => far.ReceiveAsync(new BlockRecorder(), scene.Token))));
        far.CloseStream(7);
        far.Abort("Nothing happens.");
        Expect.Null(far.Failure);
    }

    private static async Task DisposedAtOnceAsync(TransportScene scene)
    {
        for (var round = 0; round < 20; round++)
        {
            var (near, far) = await scene.LinkAsync(5000, Stereo);
            await scene.Wait.For(Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ => new[]
            {
                Task.Run(async () => await near.DisposeAsync()), Task.Run(async () => await far.DisposeAsync()),
            })), "disposal from eight threads");
        }
    }

    private static async Task DisposedInTrafficAsync(TransportScene scene)
    {
        for (var round = 0; round < 20; round++)
        {
            var (near, far) = await scene.LinkAsync(long.MaxValue, Stereo);
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var sending = Task.Run(async () =>
            {
                for (long position = 1000; ; position += 256)
                {
                    near.TrySend(7, position, TestAudio.Noise(512));
                    await near.FlushAsync(scene.Token);
                }
            });
            var receiving = Task.Run(async () =>
            {
                var counter = new BlockCounter();
                while (await far.ReceiveAsync(counter, scene.Token))
                {
                    if (counter.Blocks > 20)
                    {
                        enough.TrySetResult();
                    }
                }
            });
            await scene.Wait.For(enough.Task, "20 blocks");
            var (first, last) = round % 2 == 0 ? (near, far) : (far, near);
            await scene.Wait.For(first.DisposeAsync());
            await scene.Wait.For(Task.WhenAny(sending, receiving), "the end of sending or receiving");
            await scene.Wait.For(last.DisposeAsync());
            foreach (var traffic in (Task[])[sending, receiving])
            {
                var thrown = await Expect.CatchAsync(scene.Wait.For(traffic, "the end of traffic"));
                Expect.True(
                    thrown is AudioLinkException or ObjectDisposedException,
                    "AudioLinkException or ObjectDisposedException",
                    $"{thrown?.GetType().Name ?? "nothing"} was thrown in round {round}: {thrown?.Message}");
            }
        }
    }

    private static async Task ClosedInOrderAsync(TransportScene scene)
    {
        var (near, far) = await scene.LinkAsync(5000, Stereo);
        Expect.False(near.Closed.IsCancellationRequested);
        await scene.Wait.For(near.CompleteAsync(scene.Token));
        await scene.Wait.For(far.CompleteAsync(scene.Token));
        await scene.ReceiveToEndAsync(near);
        await scene.ReceiveToEndAsync(far);
        await scene.Wait.For(near.DisposeAsync());
        await scene.Wait.For(far.DisposeAsync());
        Expect.True(near.Closed.IsCancellationRequested);
        Expect.True(far.Closed.IsCancellationRequested);
        Expect.Null(near.Failure);
        Expect.Null(far.Failure);
    }
}
